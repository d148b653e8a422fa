import { posix } from 'node:path';
import { moduleName } from './module-name.mjs';
import { findArrow, rowOf, TABLE_FILE } from './table.mjs';

/** @import { Import } from './parse-source.mjs' */
/** @import { Project } from './read-workspace.mjs' */
/** @import { Arrow, Table } from './table.mjs' */
/** @import { Violation } from './violation.mjs' */

/**
 * What the check of one import looks at.
 *
 * @typedef {object} Scene
 * @property {Project} project
 * @property {string} file
 * @property {readonly Project[]} projects
 * @property {readonly Arrow[] | undefined} arrows - the table's row; tools have none and may import anything
 */

/**
 * Checks each import of each file: against the table, for the modules of Node, and for reaching into another package.
 *
 * @param {readonly Project[]} projects
 * @param {Table} table
 * @returns {Violation[]}
 */
export function checkArrows(projects, table) {
  return projects.flatMap((project) => {
    const arrows = project.kind === 'tools' ? undefined : (rowOf(table, project.folder) ?? []);
    return [...project.files].flatMap(([file, { imports }]) =>
      imports.flatMap((from) => {
        const message = problemOf({ project, file, projects, arrows }, from);
        return message === undefined ? [] : [{ file, line: from.line, message }];
      }),
    );
  });
}

/**
 * @param {Scene} scene
 * @param {Import} from
 * @returns {string | undefined}
 */
function problemOf(scene, from) {
  const target = moduleName(from.specifier);
  if (target.kind === 'own') return undefined;
  if (target.kind === 'relative') return relativeProblem(scene, from.specifier);
  if (target.kind === 'node') return nodeProblem(scene, from.specifier);
  return (
    arrowProblem(scene, target.name, from.typesOnly) ?? depthProblem(scene, target, from.typesOnly)
  );
}

/**
 * @param {Scene} scene
 * @param {string} specifier
 */
function relativeProblem({ project, file, projects }, specifier) {
  const target = posix.join(posix.dirname(file), specifier);
  if (!`${target}/`.startsWith(`${project.folder}/`)) {
    const other = projects.find(({ folder }) => target.startsWith(`${folder}/`));
    return `${specifier} leaves ${project.folder}; import ${other?.manifest.name ?? 'a package'} by its name`;
  }
  const intoNode = target.startsWith(`${project.folder}/src/node/`);
  return intoNode && mustRunInBrowser(project, file)
    ? `${specifier} needs Node, and this file runs in the browser; move what is shared out of src/node`
    : undefined;
}

/**
 * @param {Scene} scene
 * @param {string} specifier
 */
function nodeProblem({ project, file }, specifier) {
  if (mustRunInBrowser(project, file)) {
    return `${shortName(project.manifest.name)} runs in the browser and may not import ${specifier}; what needs Node goes into src/node`;
  }
  return specifier.startsWith('node:') ? undefined : `write node:${specifier}`;
}

/**
 * @param {Project} project
 * @param {string} file
 */
function mustRunInBrowser({ kind, folder }, file) {
  return kind === 'packages' && !file.startsWith(`${folder}/src/node/`);
}

/**
 * @param {Scene} scene
 * @param {string} name
 * @param {boolean} typesOnly
 */
function arrowProblem({ project, arrows }, name, typesOnly) {
  if (arrows === undefined || name === project.manifest.name) return undefined;
  const arrow = findArrow(arrows, name);
  const from = shortName(project.manifest.name);
  const to = shortName(name);
  if (arrow === undefined) {
    const allowed = arrows.map(({ pattern }) => shortName(pattern)).join(', ') || 'nothing';
    return `${from} may not import ${to}; it may import ${allowed} (${TABLE_FILE}); let the application hand in what it needs`;
  }
  if (arrow.typesOnly && !typesOnly) {
    return `${from} may import only types from ${to}; write "import type", or let the application hand in what it needs`;
  }
  return undefined;
}

/**
 * @param {Scene} scene
 * @param {{ name: string, subpath: string }} target
 * @param {boolean} typesOnly
 */
function depthProblem({ project, file, projects }, { name, subpath }, typesOnly) {
  const other = projects.find(({ manifest }) => manifest.name === name);
  if (other === undefined) {
    // outside packages often publish a type only there
    return /^\.\/(src|dist)\//.test(subpath) && !typesOnly
      ? `${name}/${subpath.slice(2)} reaches into ${name}; import from its main entry`
      : undefined;
  }
  if (other.manifest.exports?.[subpath] === undefined) {
    const offered = Object.keys(other.manifest.exports ?? {}).join(', ') || 'nothing';
    return `${subpath} reaches into ${name}; it exports ${offered}; import one of these or export what is missing`;
  }
  return /^\.\/node(\/|$)/.test(subpath) && mustRunInBrowser(project, file)
    ? `${name}/node needs Node, and this file runs in the browser; move it to src/node`
    : undefined;
}

/** @param {string} name */
function shortName(name) {
  return name.replace('@llm101/', '');
}
