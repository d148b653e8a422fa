import { few, ok, problem } from '../finding.mjs';

/** @import { Finding } from '../finding.mjs' */
/** @import { Lock } from '../facts/lock.mjs' */

const NAME = 'node_modules';

/**
 * @param {Lock} lock
 * @returns {Finding[]}
 */
export function checkLock({ isInstalled, places, behind }) {
  if (!isInstalled) return [problem(NAME, 'nothing is installed', 'npm ci')];
  const missing = places.filter(({ installed, isOptional }) => !isOptional && !installed);
  const others = places.filter(
    ({ locked, installed }) => locked && installed && locked !== installed,
  );
  const findings = [];
  if (behind.length > 0) {
    const found = `package-lock.json is behind ${few(behind)}`;
    findings.push(problem(NAME, found, 'npm install, and commit package-lock.json'));
  }
  if (missing.length > 0) {
    findings.push(problem(NAME, `missing: ${few(missing.map(({ path }) => path))}`, 'npm install'));
  }
  if (others.length > 0) {
    const list = others.map(
      ({ path, locked, installed }) => `${path} is ${installed}, locked ${locked}`,
    );
    findings.push(problem(NAME, few(list), 'npm ci'));
  }
  return findings.length > 0
    ? findings
    : [ok(NAME, `as package-lock.json has it: ${places.length}`)];
}
