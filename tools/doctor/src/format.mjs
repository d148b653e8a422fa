/** @import { Finding } from './finding.mjs' */

/**
 * A finding a line, what to do below it, and a line that counts.
 *
 * @param {readonly Finding[]} findings
 * @returns {string}
 */
export function format(findings) {
  const width = Math.max(0, ...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, level, found, todo }) => {
    const line = `${level.padEnd(8)} ${check.padEnd(width)}  ${found}`;
    return todo === undefined ? [line] : [line, `${''.padEnd(width + 9)}  -> ${todo}`];
  });
  const count = (/** @type {Finding['level']} */ level) =>
    findings.filter((finding) => finding.level === level).length;
  const sum = `doctor: ${count('ok')} ok, warnings: ${count('warning')}, problems: ${count('problem')}`;
  return [...lines, sum].join('\n');
}
