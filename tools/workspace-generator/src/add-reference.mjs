/**
 * Enters a workspace in the root's tsconfig.json, after the others of its kind. As text, so that nothing else changes.
 *
 * @param {string} text - of tsconfig.json
 * @param {string} folder - of the workspace, `packages/layer-norm`
 * @returns {string}
 * @throws {RangeError} when no workspace of its kind is entered yet
 */
export function addReference(text, folder) {
  const [kind] = folder.split('/');
  const reference = new RegExp(`^ *\\{ "path": "${kind}/[^"]+" \\},?\\n`, 'gm');
  const last = [...text.matchAll(reference)].at(-1);
  if (last === undefined) {
    throw new RangeError(
      `tsconfig.json: no line like { "path": "${kind}/…" } after which to enter ${folder}`,
    );
  }
  const [line] = last;
  const hasComma = line.includes('},');
  const before = hasComma ? line : line.replace('}', '},');
  const added = line.replace(/"[^"]+\/[^"]+"/, `"${folder}"`);
  return text.slice(0, last.index) + before + added + text.slice(last.index + line.length);
}
