// Whole sequences and their windows are the same examples.
import { readFileSync } from 'node:fs';
import { tidy, variableGrads } from '@tensorflow/tfjs-core';
import {
  CharTokenizer,
  DataLoader,
  loadText,
  NextTokenDataset,
  SequenceDataset,
  SequenceLoader,
  splitLines,
  trainTestSplit,
  type Batch,
} from '@llm101/data';
import { WaveNet } from '@llm101/models';
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { expectClose, expectNoLeak, namesPath } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  evaluate,
  everyPosition,
  InfiniteLoader,
  interpret,
  sgd,
  stepOf,
  train,
  runOnBatch,
  type Mode,
} from '../src/index.js';

beforeAll(() => startBackend());

const tokenizer = CharTokenizer.fromAlphabet('abcdefghijklmnopqrstuvwxyz');
const seeded = (seed = 101): Generator => Generator.seeded(seed);
/** Its field of 16 covers the lecture's window. */
const model = (): WaveNet => new WaveNet({ vocabSize: 27, channels: 12, depth: 4 }, seeded());

async function validationNames(): Promise<{ names: string[]; examples: number }> {
  const path = namesPath();
  const text = path === undefined ? (await loadText('names')).text : readFileSync(path, 'utf8');
  const options = { testSize: 0.1, generator: seeded() };
  const { test } = trainTestSplit(splitLines(text), options);
  const counted = test.reduce((sum, name) => sum + name.length + 1, 0);
  return { names: test, examples: path === undefined ? counted : 22_690 };
}

describe('evaluate', () => {
  it('gives the loss of all windows from whole names, padded and packed', async () => {
    const { names, examples } = await validationNames();
    const wavenet = model();
    const windows = new DataLoader(new NextTokenDataset(names, tokenizer, 16), { batchSize: 1000 });
    const expected = await evaluate(wavenet, windows);
    expect(expected.examples).toBe(examples);
    const dataset = new SequenceDataset(names, tokenizer);
    for (const layout of [{ batchSize: 200 }, { packedSize: 2048 }]) {
      const found = await evaluate(everyPosition(wavenet), new SequenceLoader(dataset, layout));
      expect(found.examples).toBe(examples);
      expect(found.accuracy).toBe(expected.accuracy);
      // Scores differ by rounding, 1e-7 each and not all to one side.
      expectClose(found.loss, expected.loss, { absolute: 1e-7 });
    }
  });
  it('gives the loss of a line from pieces of it, each with what the model sees before it', async () => {
    const wavenet = model();
    const long = new SequenceDataset(['abcdefghij'.repeat(30), 'anna', 'zo'], tokenizer);
    const whole = new SequenceLoader(long, { packedSize: 400 });
    const expected = await evaluate(everyPosition(wavenet), whole);
    const lookBack = wavenet.receptiveField - 1;
    const cut = new SequenceLoader(long, { packedSize: lookBack + 9, rows: 2, lookBack });
    const found = await evaluate(everyPosition(wavenet), cut);
    expect(found.examples).toBe(expected.examples);
    expectClose(found.loss, expected.loss, { absolute: 1e-6 });
  });
  it('says when the model scores rows and the batches have a target for each position', async () => {
    const dataset = new SequenceDataset(['abc'], tokenizer);
    await expect(evaluate(model(), new SequenceLoader(dataset, { batchSize: 1 }))).rejects.toThrow(
      'evaluate: there must be a row of scores for each target; got scores [1, 27] for 4 targets; ' +
        'where each position of a row has a target pass everyPosition(model)',
    );
  });
});

describe('train', () => {
  const names = ['keyler', 'ana', 'jo', 'titus', 'ryli'];
  const dataset = new SequenceDataset(names, tokenizer);

  it('has the loss and gradient of all windows for a batch of whole names', () => {
    const [windows] = new DataLoader(new NextTokenDataset(names, tokenizer, 16), { batchSize: 99 });
    const gradients = (batch: Batch, isSequences: boolean) => {
      const wavenet = model();
      const trained = isSequences ? everyPosition(wavenet) : wavenet;
      const found: [string, Float32Array][] = [];
      const [loss] = Float32Array.from(
        runOnBatch(
          interpret(
            stepOf(trained, {
              step(lossOf) {
                return tidy(() => {
                  const { value, grads } = variableGrads(lossOf, trained.parameters());
                  for (const [path, { name }] of wavenet.namedParameters()) {
                    found.push([path, grads[name].dataSync<'float32'>()]);
                  }
                  return value;
                });
              },
            }),
          ),
          batch,
        ),
      );
      return { loss, found };
    };
    const expected = gradients(windows, false);
    for (const layout of [{ batchSize: 5 }, { packedSize: 40 }]) {
      const [batch] = new SequenceLoader(dataset, layout);
      const { loss, found } = gradients(batch, true);
      expectClose(loss, expected.loss, { absolute: 1e-6 });
      for (const [i, [path, gradient]] of found.entries()) {
        expect(path).toBe(expected.found[i][0]);
        expectClose(gradient, expected.found[i][1], { absolute: 1e-6, relative: 1e-5 });
      }
    }
  });

  it('asks for training in steps and for evaluation in validations', async () => {
    const wavenet = model();
    const modes: (Mode | undefined)[] = [];
    const sequenceModel = {
      parameters: () => wavenet.parameters(),
      sequenceLogits(...[tokens, mode]: Parameters<WaveNet['sequenceLogits']>) {
        modes.push(mode);
        return wavenet.sequenceLogits(tokens, mode);
      },
    };
    await train({
      model: everyPosition(sequenceModel),
      optimizer: sgd(wavenet.parameters(), { learningRate: 0.1 }),
      batches: new InfiniteLoader(new SequenceLoader(dataset, { batchSize: 5 })),
      maxSteps: 2,
      validation: new SequenceLoader(dataset, { batchSize: 3 }),
      valInterval: 2,
    });
    expect(modes).toEqual(['training', 'training', undefined, undefined]);
  });

  it('memorises names', async () => {
    const wavenet = model();
    const trained = everyPosition(wavenet);
    const loader = new SequenceLoader(dataset, {
      packedSize: 32,
      shuffle: true,
      generator: seeded(),
    });
    const before = await evaluate(trained, loader);
    await train({
      model: trained,
      optimizer: sgd(wavenet.parameters(), { learningRate: 0.5 }),
      batches: new InfiniteLoader(loader, { reshuffle: true }),
      maxSteps: 300,
    });
    const after = await evaluate(trained, loader);
    expect(before.loss).toBeGreaterThan(3);
    // All that can't be known is which of five names it is, ln 5 nats for each of them.
    const leastLoss = (5 * Math.log(5)) / dataset.positions;
    expectClose(after.loss, leastLoss, { absolute: 0.01 });
  });

  it('leaves no tensor behind', async () => {
    const wavenet = model();
    const optimizer = sgd(wavenet.parameters(), { learningRate: 0.1 });
    const [batch] = new SequenceLoader(dataset, { batchSize: 5 });
    await expectNoLeak(
      () => runOnBatch(interpret(stepOf(everyPosition(wavenet), optimizer)), batch)[0],
    );
  });
});
