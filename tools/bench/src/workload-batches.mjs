import {
  CharTokenizer,
  DataLoader,
  encodeLines,
  loadText,
  NextTokenDataset,
  splitLines,
} from '@llm101/data';
import { Generator } from '@llm101/random';

/**
 * Batches end to end, as a contestant loads them before it starts.
 *
 * @typedef {object} Batches
 * @property {number} count - K
 * @property {number} batchSize - B
 * @property {number} length - T, tokens of a row
 * @property {Int32Array} inputs - `[K, B, T]`
 * @property {Int32Array} targets - `[K, B]`, or `[K, B T]` where every token is predicted
 */

/** @typedef {Pick<Batches, 'count' | 'batchSize' | 'length'>} BatchSizes */

const SEED = 101;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

/**
 * Windows over names, each with the letter that follows, in random order: the lecture's batches.
 *
 * @param {BatchSizes} sizes
 * @returns {Promise<Batches>}
 */
export async function nextTokenBatches(sizes) {
  const { count, batchSize, length } = sizes;
  const { text } = await loadText('names');
  const tokenizer = CharTokenizer.fromAlphabet(ALPHABET);
  const dataset = new NextTokenDataset(splitLines(text), tokenizer, length);
  const generator = Generator.seeded(SEED);
  const loader = new DataLoader(dataset, { batchSize, shuffle: true, dropLast: true, generator });
  const inputs = new Int32Array(count * batchSize * length);
  const targets = new Int32Array(count * batchSize);
  let place = 0;
  for (const batch of loader) {
    inputs.set(batch.inputs, place * batchSize * length);
    targets.set(batch.targets, place * batchSize);
    place += 1;
    if (place === count) break;
  }
  return { ...sizes, inputs, targets };
}

/**
 * Pieces of the names as one stream, which begins again at its end, each with the same piece one letter on.
 *
 * @param {BatchSizes} sizes
 * @returns {Promise<Batches>}
 */
export async function streamBatches(sizes) {
  const { count, batchSize, length } = sizes;
  const { text } = await loadText('names');
  const tokenizer = CharTokenizer.fromAlphabet(ALPHABET);
  const { tokens } = encodeLines(splitLines(text), tokenizer);
  const stream = tokens.subarray(1); // begins with the first letter
  const take = (/** @type {number} */ start) =>
    Int32Array.from(
      { length: count * batchSize * length },
      (_, i) => stream[(start + i) % stream.length],
    );
  return { ...sizes, inputs: take(0), targets: take(1) };
}
