const REFERENCE = /^ *\{ "path": "packages\/[^"]+" \},?\n/gm;

/**
 * Enters a package in the root's tsconfig.json, after the other packages. As text, so that nothing else changes.
 *
 * @param {string} text - of tsconfig.json
 * @param {string} name - of the package
 * @returns {string}
 * @throws {RangeError} when no package is entered yet
 */
export function addReference(text, name) {
  const last = [...text.matchAll(REFERENCE)].at(-1);
  if (last === undefined) {
    throw new RangeError(
      'tsconfig.json: no line like { "path": "packages/random" } after which to enter the package',
    );
  }
  const [line] = last;
  const hasComma = line.includes('},');
  const before = hasComma ? line : line.replace('}', '},');
  const added = line.replace(/packages\/[^"]+/, `packages/${name}`);
  return text.slice(0, last.index) + before + added + text.slice(last.index + line.length);
}
