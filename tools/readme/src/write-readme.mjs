import { format, resolveConfig } from 'prettier';
import { benchSection, compileGain } from './bench-section.mjs';

/** What the script in the README imports. */
const USED = ['data', 'models', 'random', 'training', 'wasm'].map((name) => `@llm101/${name}`);

/** What the README says of `compile` in its script. */
const GAIN = /(this model trains )[\d.]+( times as fast)/;

/**
 * Where the README's sections come from.
 *
 * @typedef {object} Sources
 * @property {import('./bench-section.mjs').Bench} bench - docs/figures/bench.json
 * @property {Readonly<Record<string, string>>} peers - `peerDependencies` of the package that runs on tfjs
 * @property {readonly Size[]} [sizes] - default: the section stays as it is
 */

/**
 * @param {string} readme - its text
 * @param {string} path - for prettier's settings
 * @param {Sources} sources
 * @returns {Promise<string>} the same with new sections
 */
export async function writeReadme(readme, path, { bench, peers, sizes }) {
  let text = replaceSection(readme, 'bench', benchSection(bench));
  text = text.replace(GAIN, `$1${compileGain(bench).toFixed(1)}$2`);
  text = replaceSection(text, 'install', installCommand(USED, peers));
  if (sizes !== undefined) text = replaceSection(text, 'size', sizeSentence(sizes));
  return format(text, { ...(await resolveConfig(path)), parser: 'markdown' });
}

/**
 * Puts a text between the marks of a section, `<!-- begin:NAME -->` and `<!-- end -->`.
 *
 * @param {string} markdown
 * @param {string} name
 * @param {string} body
 * @returns {string}
 * @throws {RangeError} when the section isn't there exactly once
 */
export function replaceSection(markdown, name, body) {
  const { start, end } = placeOf(markdown, name);
  return `${markdown.slice(0, start)}\n\n${body}\n\n${markdown.slice(end)}`;
}

/**
 * @param {string} markdown
 * @param {string} name
 * @returns {string} what is between the marks
 * @throws {RangeError} when the section isn't there exactly once
 */
export function readSection(markdown, name) {
  const { start, end } = placeOf(markdown, name);
  return markdown.slice(start, end).trim();
}

/**
 * @param {string} markdown
 * @param {string} name
 */
function placeOf(markdown, name) {
  const begin = `<!-- begin:${name} -->`;
  const count = markdown.split(begin).length - 1;
  const start = markdown.indexOf(begin) + begin.length;
  const end = markdown.indexOf('<!-- end -->', start);
  if (count !== 1 || end === -1) {
    throw new RangeError(
      `readme: README.md must have ${begin} once, and <!-- end --> behind it; got ${count}`,
    );
  }
  return { start, end };
}

/**
 * How the libraries are installed beside the one version of tfjs that they run with, as a Markdown block.
 *
 * @param {readonly string[]} names - of packages
 * @param {Readonly<Record<string, string>>} peers - versions by name
 * @returns {string}
 */
export function installCommand(names, peers) {
  const pinned = Object.entries(peers)
    .map(([name, version]) => `${name}@${version}`)
    .toSorted((a, b) => (b < a ? -1 : 1)); // the core first
  return ['```sh', `npm install ${names.join(' ')} \\`, `  ${pinned.join(' ')}`, '```'].join('\n');
}

/** @typedef {{ name: string, packed?: number, unpacked?: number, gzip?: number }} Size - in bytes */

const COMMAND = '@llm101/trainer';
const PAGE = 'the lecture’s MLP, trained in a page';
const BINARY = 'tfjs-backend-wasm-simd.wasm, beside it';

/**
 * @param {readonly Size[]} sizes - those that `npm run size -- --json` prints
 * @returns {string}
 * @throws {RangeError} when the command, the page or the binary isn't among them
 */
export function sizeSentence(sizes) {
  const [command, page, binary] = [COMMAND, PAGE, BINARY].map((name) => {
    const size = sizes.find((candidate) => candidate.name === name);
    if (size === undefined) throw new RangeError(`readme: npm run size must measure ${name}`);
    return size;
  });
  return (
    `The command is one package of ${megabytes(command.unpacked)} MB (${kilobytes(command.packed)} kB to download); ` +
    `the script above, bundled for a page, is ${kilobytes(page.gzip)} kB compressed, and TensorFlow.js' binary beside it ` +
    `${kilobytes(binary.gzip)} kB.`
  );
}

/**
 * Whether two texts are the same but for numbers, and those apart by 5 % at most: so much may change without a new README.
 *
 * @param {string} a
 * @param {string} b
 * @returns {boolean}
 */
export function isNear(a, b) {
  const number = /\d+(\.\d+)?/g;
  const [ours, theirs] = [a, b].map((text) => (text.match(number) ?? []).map(Number));
  const words = (/** @type {string} */ text) =>
    text.replaceAll(number, '#').replaceAll(/\s+/g, ' ');
  if (words(a) !== words(b)) return false;
  return ours.every((value, i) => Math.abs(value - theirs[i]) <= 0.05 * Math.max(value, theirs[i]));
}

/** @param {number | undefined} bytes */
const megabytes = (bytes = NaN) => (bytes / 1e6).toFixed(1);

/** @param {number | undefined} bytes */
const kilobytes = (bytes = NaN) => String(Math.round(bytes / 1000));
