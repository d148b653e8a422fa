/**
 * Whether a version is another one or a later one. What follows a hyphen doesn't count.
 *
 * @param {string} version - `v20.19.0`, `20.19.0-nightly`
 * @param {string} least - `20.19`; what is left out is 0
 * @returns {boolean}
 */
export function isAtLeast(version, least) {
  const [have, want] = [numbers(version), numbers(least)];
  const differs = [0, 1, 2].find((i) => have[i] !== want[i]);
  return differs === undefined || have[differs] > want[differs];
}

/** @param {string} version */
function numbers(version) {
  const [major = 0, minor = 0, patch = 0] = version
    .replace(/^v|-.*$/g, '')
    .split('.')
    .map(Number);
  return [major, minor, patch];
}
