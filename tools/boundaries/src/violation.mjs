/**
 * A place that breaks a rule.
 *
 * @typedef {object} Violation
 * @property {string} file - from the repository's root, with slashes
 * @property {number} line - from 1
 * @property {string} message - what is wrong and what to do
 */

/**
 * One line, as editors link it: `packages/models/src/x.ts:3: models may not import …`.
 *
 * @param {Violation} violation
 * @returns {string}
 */
export function formatViolation({ file, line, message }) {
  return `${file}:${line}: ${message}`;
}
