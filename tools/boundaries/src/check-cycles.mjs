import { findCycles } from './find-cycles.mjs';
import { resolveImport } from './resolve-import.mjs';

/** @import { Project } from './read-workspace.mjs' */
/** @import { Violation } from './violation.mjs' */

/**
 * Checks that no file imports itself over others, types included: who reads one of them has to read all.
 *
 * @param {readonly Project[]} projects
 * @returns {Violation[]} one for each group of files that reach one another
 */
export function checkCycles(projects) {
  const files = new Map(projects.flatMap((project) => [...project.files]));
  const graph = new Map(
    [...files].map(([file, { imports }]) => [
      file,
      imports.flatMap(({ specifier }) => resolveImport(projects, file, specifier) ?? []),
    ]),
  );
  return findCycles(graph).map((cycle) => {
    const [file] = cycle;
    const next = cycle.at(1) ?? file;
    const line = files
      .get(file)
      ?.imports.find(({ specifier }) => resolveImport(projects, file, specifier) === next)?.line;
    const path = [...cycle, file].join(' -> ');
    return {
      file,
      line: line ?? 1,
      message: `import cycle ${path}; move what they share into a file of its own`,
    };
  });
}
