import { relative, sep } from 'node:path';

/**
 * @param {string} absolute - a path in the repository, whose root is where typedoc was called
 * @returns {string} `docs/shapes.md`
 */
export function fromRoot(absolute) {
  return relative(process.cwd(), absolute).replaceAll(sep, '/');
}
