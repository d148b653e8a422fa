/**
 * Enters a package in the table of tools/boundaries, after the other packages. It may import nothing yet.
 *
 * @param {string} json - of boundaries.json
 * @param {string} name - of the package
 * @returns {string}
 */
export function addRow(json, name) {
  /** @type {[string, unknown][]} */
  const rows = Object.entries(JSON.parse(json));
  const last = rows.findLastIndex(([folder]) => folder.startsWith('packages/'));
  rows.splice(last + 1, 0, [`packages/${name}`, []]);
  return JSON.stringify(Object.fromEntries(rows), undefined, 2);
}
