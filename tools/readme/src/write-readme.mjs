import { format, resolveConfig } from 'prettier';
import { benchTable } from './bench-table.mjs';
import { installCommand } from './install-command.mjs';
import { replaceSection } from './sections.mjs';
import { sizeSentence } from './size-sentence.mjs';

/** @import { Bench } from './bench-table.mjs' */
/** @import { Size } from './size-sentence.mjs' */

/** What the script in the README imports. */
const USED = ['data', 'models', 'random', 'training', 'wasm'].map((name) => `@llm101/${name}`);

/**
 * Where the README's sections come from.
 *
 * @typedef {object} Sources
 * @property {Bench} bench - docs/figures/bench.json
 * @property {Readonly<Record<string, string>>} peers - `peerDependencies` of the package that runs on tfjs
 * @property {readonly Size[]} [sizes] - left as they are unless given
 */

/**
 * @param {string} readme - its text
 * @param {string} path - for prettier's settings
 * @param {Sources} sources
 * @returns {Promise<string>} the same with new sections
 */
export async function writeReadme(readme, path, { bench, peers, sizes }) {
  let text = replaceSection(readme, 'bench', benchTable(bench));
  text = replaceSection(text, 'install', installCommand(USED, peers));
  if (sizes !== undefined) text = replaceSection(text, 'size', sizeSentence(sizes));
  return format(text, { ...(await resolveConfig(path)), parser: 'markdown' });
}
