import { checkArrows } from './check-arrows.mjs';
import { checkCycles } from './check-cycles.mjs';
import { checkManifests } from './check-manifests.mjs';
import { checkRandomness } from './check-randomness.mjs';
import { readWorkspace } from './read-workspace.mjs';
import { readTable } from './table.mjs';

/** @import { Violation } from './violation.mjs' */

/**
 * All violations in a repository, and how much was looked at.
 *
 * @typedef {object} Report
 * @property {Violation[]} violations - in the order of files and lines
 * @property {number} packages - packages and applications
 * @property {number} files
 * @property {number} imports
 */

/**
 * @param {string} root - the repository's folder
 * @returns {Report}
 */
export function checkBoundaries(root) {
  const projects = readWorkspace(root);
  const table = readTable(root);
  const sources = projects.flatMap(({ files }) => [...files.values()]);
  const violations = [
    ...checkArrows(projects, table),
    ...checkManifests(projects, table),
    ...checkCycles(projects),
    ...checkRandomness(projects),
  ];
  return {
    violations: violations.toSorted(
      (a, b) => (a.file < b.file ? -1 : +(a.file > b.file)) || a.line - b.line,
    ),
    packages: projects.filter(({ kind }) => kind !== 'tools').length,
    files: sources.length,
    imports: sources.reduce((sum, { imports }) => sum + imports.length, 0),
  };
}
