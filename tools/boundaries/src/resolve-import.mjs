import { posix } from 'node:path';
import { moduleName } from './module-name.mjs';

/** @import { Project } from './read-workspace.mjs' */

/**
 * The source file of the repository that an import means.
 *
 * @param {readonly Project[]} projects
 * @param {string} file - the one that imports
 * @param {string} specifier
 * @returns {string | undefined} `undefined` for modules from outside and for what isn't a source file
 */
export function resolveImport(projects, file, specifier) {
  const target = moduleName(specifier);
  if (target.kind === 'relative') {
    return sourceOf(projects, posix.join(posix.dirname(file), specifier));
  }
  if (target.kind !== 'package') return undefined;
  const project = projects.find(({ manifest }) => manifest.name === target.name);
  const entry = project?.manifest.exports?.[target.subpath];
  if (project === undefined || entry === undefined) return undefined;
  const path = typeof entry === 'string' ? entry : entry['@llm101/source'];
  return path && sourceOf(projects, posix.join(project.folder, path));
}

/**
 * TypeScript's imports name the file that it will write: `./x.js` is `x.ts`.
 *
 * @param {readonly Project[]} projects
 * @param {string} path
 */
function sourceOf(projects, path) {
  const candidates = [path, path.replace(/\.([cm]?)js$/, '.$1ts'), path.replace(/\.js$/, '.d.ts')];
  return candidates.find((candidate) => projects.some(({ files }) => files.has(candidate)));
}
