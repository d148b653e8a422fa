/** @typedef {import('@llm101/random').Generator} Generator */

/**
 * A whole number, 0 … n - 1.
 *
 * @param {Generator} random
 * @param {number} n
 */
export function below(random, n) {
  return Math.floor(random.nextDouble() * n);
}

/**
 * @template Item
 * @param {Generator} random
 * @param {readonly Item[]} items - at least one
 * @returns {Item}
 */
export function pick(random, items) {
  return items[below(random, items.length)];
}

/**
 * The bytes with some random changes: bits flipped, bytes replaced, cut out, put in, repeated, the end cut off.
 *
 * @param {Uint8Array} bytes
 * @param {Generator} random
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function mutateBytes(bytes, random) {
  const mutant = [...bytes];
  for (let changes = 1 + below(random, 4); changes > 0; changes--) {
    const at = below(random, mutant.length + 1);
    const some = 1 + below(random, 16);
    switch (below(random, 6)) {
      case 0:
        if (at < mutant.length) mutant[at] ^= 1 << below(random, 8);
        break;
      case 1:
        for (let i = at; i < Math.min(mutant.length, at + some); i++)
          mutant[i] = below(random, 256);
        break;
      case 2:
        mutant.splice(at, some);
        break;
      case 3:
        mutant.splice(at, 0, ...Array.from({ length: some }, () => below(random, 256))); // bounded: some
        break;
      case 4:
        mutant.splice(at, 0, ...mutant.slice(Math.max(0, at - some * 8), at)); // bounded: 128
        break;
      default:
        if (below(random, 4) === 0) mutant.length = at;
    }
  }
  return Uint8Array.from(mutant);
}

/** What a place in a JSON text is replaced by, written as JSON. */
const ODD = [
  'null',
  'true',
  '0',
  '-0',
  '-1',
  '0.5',
  '1e300',
  '1e999',
  '9007199254740993',
  '4294967296',
  '""',
  '"\\ud800"',
  '"\\u0000\\u001b]0;x\\u0007"',
  '"__proto__"',
  '".."',
  '[]',
  '{}',
  '[[]]',
  '{"toString":1,"valueOf":1}',
  '{"__proto__":{"a":1}}',
  '{"length":1e9}',
  '{"a":1,"a":2}',
  `"${'x'.repeat(2000)}"`,
  `${'['.repeat(100)}${']'.repeat(100)}`,
  '['.repeat(5000),
  `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`,
  `[${Array.from({ length: 500 }, (_, i) => i).join()}]`,
];

/** A value of JSON, without those inside of it: a text, a number, a word, or the beginning of an object or a list. */
const VALUE = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|\{\}|\[\]/g;

/**
 * JSON in which values or keys are replaced by odd ones, or parts are left out or doubled. Mostly it stays JSON.
 *
 * @param {string} json
 * @param {Generator} random
 * @returns {string}
 */
export function mutateJson(json, random) {
  let mutant = json;
  for (let changes = 1 + below(random, 3); changes > 0; changes--) {
    const places = [...mutant.matchAll(VALUE)];
    if (places.length === 0) return pick(random, ODD);
    const { index, 0: found } = pick(random, places);
    const [before, after] = [mutant.slice(0, index), mutant.slice(index + found.length)];
    switch (below(random, 8)) {
      case 0: // a value, its key or its comma goes
        mutant = before + after.replace(/^\s*[,:]/, '');
        break;
      case 1: // it is there twice
        mutant = `${before}${found},${found}${after}`;
        break;
      case 2: // another value of the same text
        mutant = before + pick(random, places)[0] + after;
        break;
      default:
        mutant = before + pick(random, ODD) + after;
    }
  }
  return mutant;
}

/**
 * A text, as bytes, with some of them changed, or as JSON with other values.
 *
 * @param {string} text - JSON
 * @param {Generator} random
 * @returns {string}
 */
export function mutateText(text, random) {
  if (below(random, 4) > 0) return mutateJson(text, random);
  return new TextDecoder().decode(mutateBytes(new TextEncoder().encode(text), random));
}
