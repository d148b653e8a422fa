// Counting and gradients arrive at the same table.
import { ArrayDataset, CharTokenizer, NextTokenDataset } from '@llm101/data';
import { loadText } from '@llm101/data/node';
import { conditionalEntropy, jointDistribution } from '@llm101/info-theory';
import { Generator } from '@llm101/random';
import { evaluate, NextTokenCounts } from '@llm101/training';
import { startBackend } from '@llm101/wasm';
import { softmax } from '@tensorflow/tfjs-core';
import { expectClose } from '@tools/testing';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Bigram } from '../src/bigram.js';
import { byCounting, countPairs } from '../src/by-counting.js';
import { byGradients } from '../src/by-gradients.js';
import { run } from '../src/run.js';

beforeAll(() => startBackend());

const tokenizer = CharTokenizer.fromAlphabet('abcdefghijklmnopqrstuvwxyz');

describe('the same model', () => {
  let dataset: NextTokenDataset;
  let counts: number[][];
  let models: { counted: Bigram; learned: Bigram };
  beforeAll(async () => {
    const { text } = await loadText('names');
    dataset = new NextTokenDataset(text.trim().split('\n'), tokenizer, 1);
    counts = countPairs(dataset, 27);
    const generator = Generator.seeded(101);
    models = { counted: byCounting(counts), learned: await byGradients(counts, { generator }) };
  });

  it('is what was counted, and none can have a lower loss on that', () => {
    // Each pair as often as it was counted, the one more included, by a data set of pairs.
    const inputs = counts.flatMap((row, x) => row.flatMap((n) => Array<number>(n).fill(x)));
    const targets = counts.flatMap((row) => row.flatMap((n, y) => Array<number>(n).fill(y)));
    const all = new ArrayDataset({
      contextSize: 1,
      inputs: Int32Array.from(inputs),
      targets: Int32Array.from(targets),
    });
    const least = conditionalEntropy(jointDistribution(counts));
    return Promise.all(
      Object.values(models).map(async (model) => {
        const { loss } = await evaluate(model, new NextTokenCounts(all, 27));
        expectClose(loss, least, { absolute: 1e-5 });
      }),
    );
  });
  it('has the same probabilities both ways', () => {
    const [counted, learned] = [models.counted, models.learned].map((model) =>
      softmax(model.table.weight).dataSync(),
    );
    expectClose(learned, counted, { absolute: 2e-4 });
  });
});

it('says what it found', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await run('names');
  const lines = log.mock.calls.map(([line]) => String(line));
  log.mockRestore();
  write.mockRestore();
  const losses = lines.map((line) => /(\d\.\d{4}) nats/.exec(line)?.[1]);
  expect(losses).toHaveLength(3);
  expectClose(Number(losses[1]), Number(losses[2]), { absolute: 2e-4 });
});
