import { ok, warning } from '../finding.mjs';

/** @import { Finding } from '../finding.mjs' */
/** @import { Hooks } from '../facts/hooks.mjs' */

/**
 * @param {Hooks} hooks
 * @returns {Finding[]}
 */
export function checkHooks({ isCheckout, path, isInstalled }) {
  if (!isCheckout) return [ok('hooks', 'no git checkout, so none')];
  if (path === '.husky/_' && isInstalled) return [ok('hooks', 'checks run before each commit')];
  const found = path === '' || path === '.husky/_' ? 'not installed' : `git's hooks are in ${path}`;
  return [warning('hooks', `${found}: commits aren't checked`, 'npx husky')];
}
