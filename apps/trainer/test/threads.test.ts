// What is computed on several threads has the bytes of one thread.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadText } from '@llm101/data/node';
import { MLP } from '@llm101/models';
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { describe, expect, it } from 'vitest';
import { savedScores } from '../src/threads/saved-scores.js';
import { emptyFolder, errorOf, succeed } from './llm101.js';

const TRAIN = 'train --max-steps 30 --val-interval 0 --sample-interval 0 --quiet'.split(' ');

describe.each([
  ['mlp', ['--d-hidden', '8']],
  ['wavenet', '--model wavenet --d-hidden 8 --depth 2 --packed-size 64'.split(' ')],
])('a saved %s', (_, flags) => {
  it('draws, codes, corrects and measures the same on 1 and on 3 threads', async () => {
    const folder = emptyFolder();
    const [data, text, runDir, back] = ['data', 'text', 'run', 'back'].map((name) =>
      join(folder, name),
    );
    const names = (await loadText('names')).text.split('\n');
    writeFileSync(data, names.slice(0, 300).join('\n'));
    writeFileSync(text, names.slice(0, 2500).join('\n')); // two lanes and more
    await succeed(...TRAIN, ...flags, '--data', data, '--run-dir', runDir);
    const [alone, together] = await Promise.all(
      ['1', '3'].map(async (workers) => {
        const on = async (...args: string[]) =>
          (await succeed(...args, '--workers', workers)).stdout;
        const packed = join(folder, `packed-${workers}`);
        await on('compress', text, '--model', runDir, '-o', packed);
        return {
          drawn: await on('sample', '--run-dir', runDir, '--count', '300'),
          packed: readFileSync(packed),
          corrected: await on('denoise', '--model', runDir, '--beam', '4'),
          evaluated: await on('evaluate', '--run-dir', runDir),
          surprisals: await on('entropy', '--model', runDir, '--surprisal', 'anna', 'bob'),
        };
      }),
    );
    expect(together).toEqual(alone);
    const packed = join(folder, 'packed-1');
    await succeed('decompress', packed, '--model', runDir, '-o', back, '--workers', '2');
    expect(readFileSync(back)).toEqual(readFileSync(text));
  });
});

it('scores by itself what a thread that has ended should have scored', async () => {
  await startBackend();
  const generator = Generator.seeded(1);
  const model = new MLP({ vocabSize: 5, contextSize: 2, dEmbed: 2, dHidden: 4 }, generator);
  const file = new Uint8Array(); // no model, and beside the sources no entry of threads
  const options = { rows: 4, patienceMs: 100 };
  const [alone, together] = [1, 2].map((workers) =>
    savedScores({ model, file }, { ...options, workers }),
  );
  const contexts = [[1], [2, 3], undefined, [4]];
  for (let i = 0; i < 3; i++) {
    const [own, shared] = [alone, together].map((scores) => scores.read(contexts).slice());
    for (const row of [0, 1, 3]) {
      const part = [row * 5, row * 5 + 5] as const;
      expect(shared.slice(...part)).toEqual(own.slice(...part));
    }
    for (const context of contexts) context?.push(i);
  }
  alone.dispose();
  together.dispose();
  model.dispose();
});

it('the number of threads is checked, wherever it is from', async () => {
  expect(await errorOf(2, 'sample', '--workers', '0')).toContain(
    '--workers must be a whole number from 1 to 256, or auto; got 0',
  );
  expect(await errorOf(2, 'evaluate', '--workers', 'many')).toContain('got "many"');
});
