/** @import { Project } from './read-workspace.mjs' */
/** @import { Violation } from './violation.mjs' */

const MESSAGE =
  'Math.random can be neither seeded nor saved; take a Generator of @llm101/random as an argument';

/**
 * Checks that no package or example draws from a hidden source: a run could not be repeated.
 *
 * @param {readonly Project[]} projects
 * @returns {Violation[]}
 */
export function checkRandomness(projects) {
  const packages = projects.filter(({ kind }) => kind === 'packages' || kind === 'examples');
  return packages.flatMap(({ files }) =>
    Array.from(files, ([file, { randomLines }]) =>
      randomLines.map((line) => ({ file, line, message: MESSAGE })),
    ).flat(),
  );
}
