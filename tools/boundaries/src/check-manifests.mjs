import { moduleName } from './module-name.mjs';
import { findArrow, rowOf, rowOfAll, TABLE_FILE } from './table.mjs';

/** @import { Project } from './read-workspace.mjs' */
/** @import { Table } from './table.mjs' */
/** @import { Violation } from './violation.mjs' */

/**
 * Checks that each package.json agrees with the table and with the imports: what users install is allowed, and what
 * is imported gets installed.
 *
 * @param {readonly Project[]} projects
 * @param {Table} table
 * @returns {Violation[]}
 */
export function checkManifests(projects, table) {
  const published = projects.filter(({ kind }) => kind !== 'tools');
  return [
    ...checkRows(published, table),
    ...published.flatMap((project) => checkDependencies(project, table)),
    ...published.flatMap((project) => checkPeers(project)),
    ...published.flatMap((project) => checkDeclared(project, table)),
  ];
}

/**
 * Each package has a row, and each row a package.
 *
 * @param {readonly Project[]} projects
 * @param {Table} table
 * @returns {Violation[]}
 */
function checkRows(projects, table) {
  const missing = projects
    .filter(({ folder }) => rowOf(table, folder) === undefined)
    .map(({ folder }) => ({
      file: TABLE_FILE,
      line: 1,
      message: `${folder} has no row; say what it may import, [] for nothing`,
    }));
  const stale = [...table.keys()]
    .filter((row) => !projects.some(({ folder }) => row === folder || row === rowOfAll(folder)))
    .map((folder) => ({
      file: TABLE_FILE,
      line: 1,
      message: `${folder} doesn't exist; take its row out`,
    }));
  return [...missing, ...stale];
}

/**
 * @param {Project} project
 * @param {Table} table
 * @returns {Violation[]}
 */
function checkDependencies(project, table) {
  const arrows = rowOf(table, project.folder) ?? [];
  return dependencyNames(project)
    .filter((name) => findArrow(arrows, name) === undefined)
    .map((name) =>
      at(project, name, `may not depend on ${name}; remove it, or allow it in ${TABLE_FILE}`),
    );
}

/**
 * Two copies of TensorFlow.js would fight over one global registry, so a package takes the application's.
 *
 * @param {Project} project
 * @returns {Violation[]}
 */
function checkPeers(project) {
  if (project.kind !== 'packages') return [];
  return Object.keys(project.manifest.dependencies ?? {})
    .filter((name) => name.startsWith('@tensorflow/'))
    .map((name) => at(project, name, `must have ${name} as a peer; move it to peerDependencies`));
}

/**
 * Leaves out what the table forbids: `checkArrows` reports that.
 *
 * @param {Project} project
 * @param {Table} table
 * @returns {Violation[]}
 */
function checkDeclared(project, table) {
  const arrows = rowOf(table, project.folder) ?? [];
  const declared = new Set([
    project.manifest.name,
    ...dependencyNames(project),
    ...bundled(project),
  ]);
  return [...project.files].flatMap(([file, { imports }]) =>
    imports.flatMap(({ specifier, line }) => {
      const target = moduleName(specifier);
      if (target.kind !== 'package' || declared.has(target.name)) return [];
      if (findArrow(arrows, target.name) === undefined) return [];
      const message = `${target.name} is imported here but not installed with ${project.folder}; add it to the dependencies of its package.json`;
      return [{ file, line, message }];
    }),
  );
}

/**
 * An application is published as a bundle, so what it imports need only be there when it is built.
 *
 * @param {Project} project
 */
function bundled({ kind, manifest }) {
  return kind === 'apps' ? Object.keys(manifest.devDependencies ?? {}) : [];
}

/** @param {Project} project */
function dependencyNames({ manifest }) {
  const { dependencies, peerDependencies, optionalDependencies } = manifest;
  return Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
}

/**
 * @param {Project} project
 * @param {string} name - the dependency whose line is meant
 * @param {string} message
 * @returns {Violation}
 */
function at({ folder, manifestText }, name, message) {
  const lines = manifestText.split('\n');
  return {
    file: `${folder}/package.json`,
    line: lines.findIndex((text) => text.includes(`"${name}":`)) + 1,
    message: `${folder} ${message}`,
  };
}
