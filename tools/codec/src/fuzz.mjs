// node src/fuzz.mjs [--files 10000] [--seed 101] [--mixing 500]
import { parseArgs } from 'node:util';
import { Generator } from '@llm101/random';
import { checkFile } from './check-file.mjs';
import { randomFile } from './random-file.mjs';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '10000' },
    mixing: { type: 'string', default: '500' },
    seed: { type: 'string', default: '101' },
  },
});

/** @type {import('./check-file.mjs').Subject[]} */
const subjects = [
  { coder: 'huffman', name: 'counts' },
  { coder: 'arithmetic', name: 'counts' },
  { coder: 'rans', name: 'counts' },
  { coder: 'arithmetic', name: 'mixing order=2' },
];
for (const subject of subjects) {
  const files = Number(subject.name === 'counts' ? values.files : values.mixing);
  const random = Generator.seeded(Number(values.seed));
  const start = performance.now();
  let slowest = 0;
  for (let i = 0; i < files; i++) {
    const before = performance.now();
    const problem = checkFile(randomFile(random), subject, random);
    slowest = Math.max(slowest, performance.now() - before);
    if (problem !== undefined) {
      console.error(
        `${subject.coder}, ${subject.name}: file ${i} of seed ${values.seed}: ${problem}`,
      );
      process.exit(1);
    }
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `${subject.coder}, ${subject.name}: ${files} files came back, ${2 * files} altered ones were found; ${seconds} s, the slowest ${slowest.toFixed(0)} ms`,
  );
}
