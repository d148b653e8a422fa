import { writeFileSync } from 'node:fs';
import { randperm } from '@llm101/random';

/** @import { Generator } from '@llm101/random' */

const SYLLABLES = ['an', 'be', 'ri', 'lo', 'mu', 'ka', 'te', 'vi', 'so', 'ne'];

/**
 * Writes a text of 90 names of two to four syllables: some 500 windows to train on, so that a pass has 16 batches.
 *
 * @param {string} path
 * @param {Generator} generator
 */
export function writeData(path, generator) {
  const names = Array.from({ length: 90 }, (_, i) => {
    const order = randperm(generator, SYLLABLES.length);
    return Array.from(order.slice(0, 2 + (i % 3)), (s) => SYLLABLES[s]).join('');
  });
  writeFileSync(path, `${names.join('\n')}\n`);
}
