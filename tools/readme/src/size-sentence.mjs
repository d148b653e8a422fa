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
