/**
 * What a check says. A problem stops work, a warning hinders some of it.
 *
 * @typedef {object} Finding
 * @property {string} check - what was looked at: `node`
 * @property {'ok' | 'warning' | 'problem'} level
 * @property {string} found
 * @property {string} [todo] - how to fix it; of warnings and problems
 */

/**
 * @param {string} check
 * @param {string} found
 * @returns {Finding}
 */
export const ok = (check, found) => ({ check, level: 'ok', found });

/**
 * @param {string} check
 * @param {string} found
 * @param {string} todo
 * @returns {Finding}
 */
export const warning = (check, found, todo) => ({ check, level: 'warning', found, todo });

/**
 * @param {string} check
 * @param {string} found
 * @param {string} todo
 * @returns {Finding}
 */
export const problem = (check, found, todo) => ({ check, level: 'problem', found, todo });

/**
 * The first few of many, for a line: `a, b, c and 4 more`.
 *
 * @param {readonly string[]} names
 * @param {number} [most]
 * @returns {string}
 */
export function few(names, most = 3) {
  const rest = names.length - most;
  return names.slice(0, most).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/**
 * A finding a line, what to do below it, and a line that counts.
 *
 * @param {readonly Finding[]} findings
 * @returns {string}
 */
export function format(findings) {
  const width = findings.reduce((most, { check }) => Math.max(most, check.length), 0);
  const lines = findings.flatMap(({ check, level, found, todo }) => {
    const line = `${level.padEnd(8)} ${check.padEnd(width)}  ${found}`;
    return todo === undefined ? [line] : [line, `${''.padEnd(width + 9)}  -> ${todo}`];
  });
  const count = (/** @type {Finding['level']} */ level) =>
    findings.filter((finding) => finding.level === level).length;
  const sum = `doctor: ${count('ok')} ok, warnings: ${count('warning')}, problems: ${count('problem')}`;
  return [...lines, sum].join('\n');
}
