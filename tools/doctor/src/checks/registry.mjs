import { ok, warning } from '../finding.mjs';

/** @import { Finding } from '../finding.mjs' */
/** @import { Registry } from '../facts/registry.mjs' */

/**
 * @param {Registry} registry
 * @returns {Finding[]}
 */
export function checkRegistry({ url, trouble }) {
  const place = withoutPassword(url);
  if (trouble === undefined) return [ok('registry', `${place} answers`)];
  const todo =
    'fine while all is installed; else npm ci --prefer-offline, or npm config set registry';
  return [warning('registry', `${place}: ${trouble}`, todo)];
}

/**
 * As issues quote what is printed.
 *
 * @param {string} url
 */
function withoutPassword(url) {
  return url.replace(/\/\/[^/@]*@/, '//');
}
