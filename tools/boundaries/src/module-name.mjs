import { isBuiltin } from 'node:module';

/**
 * What a specifier names: a file beside, an entry of the package's own `imports`, a module of Node, or a package
 * with a path in it (`.` for its main entry, else `./node`).
 *
 * @typedef {{ kind: 'relative' } | { kind: 'own' } | { kind: 'node' }
 *   | { kind: 'package', name: string, subpath: string }} ModuleName
 */

/**
 * @param {string} specifier - as it stands in an import
 * @returns {ModuleName}
 */
export function moduleName(specifier) {
  if (specifier.startsWith('.')) return { kind: 'relative' };
  if (specifier.startsWith('#')) return { kind: 'own' };
  if (isBuiltin(specifier)) return { kind: 'node' };
  const parts = specifier.split('/');
  const nameParts = specifier.startsWith('@') ? 2 : 1;
  return {
    kind: 'package',
    name: parts.slice(0, nameParts).join('/'),
    subpath: ['.', ...parts.slice(nameParts)].join('/'),
  };
}
