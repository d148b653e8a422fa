import { readmeSnippets } from './readme.mjs';

/** @import { Manifest } from './workspace.mjs' */

/**
 * A module that a user of the package could have written.
 *
 * @typedef {object} ConsumerModule
 * @property {string} name - for the file: `readme-12`
 * @property {string} where - for messages: `README.md:12`
 * @property {string} code - TypeScript
 * @property {string | undefined} output - what it must print; `undefined` when that is left open
 * @property {boolean} needsNode - whether it is checked with Node's types
 */

/**
 * The README's snippets, and for each entry a module that does nothing but import it.
 *
 * @param {Manifest} manifest
 * @param {string} readme
 * @returns {ConsumerModule[]}
 */
export function consumerModules(manifest, readme) {
  const snippets = readmeSnippets(readme).map(({ code, line, output }) => ({
    name: `readme-${line}`,
    where: `README.md:${line}`,
    code,
    output,
    needsNode: needsNode(code),
  }));
  const imports = entries(manifest).map((entry, i) => {
    const code = `import * as entry from '${entry}';\nconsole.log(Object.keys(entry).join(' '));\n`;
    return {
      name: `entry-${i}`,
      where: entry,
      code,
      output: undefined,
      needsNode: needsNode(code),
    };
  });
  return [...snippets, ...imports];
}

/** @param {string} code */
function needsNode(code) {
  return /from '(node:[^']*|[^'.]*\/node)'|\bprocess\b/.test(code);
}

/**
 * What can be imported from a package: `@llm101/data`, `@llm101/data/node`.
 *
 * @param {Manifest} manifest
 * @returns {string[]}
 */
export function entries({ name, exports = {} }) {
  return Object.keys(exports)
    .filter((path) => path !== './package.json' && !path.includes('*'))
    .map((path) => `${name}${path.slice(1)}`);
}
