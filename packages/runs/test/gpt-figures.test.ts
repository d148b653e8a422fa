// GPTs trained as nanoGPT, lecture 7 and the course's script train them, against PyTorch's losses: every draw, sum and step counts.
import {
  ArrayDataset,
  BlockDataset,
  DataLoader,
  RandomLoader,
  tokensInMemory,
  trainTestSplit,
} from '@llm101/data';
import { countParameters, GPT, Linear, loadStateDict, stateDict } from '@llm101/models';
import { Generator } from '@llm101/random';
import {
  adamw,
  cosineDecay,
  crossEntropy,
  decayMatrices,
  evaluate,
  everyPosition,
  InfiniteLoader,
  runOnBatch,
  sgd,
  stepOf,
  warmUp,
  type BatchTensors,
} from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { add, sqrt, square, stack, sum, type Scalar, type Tensor1D } from '@tensorflow/tfjs-core';
import {
  courseReference,
  expectClose,
  namesPath,
  nanoGptReference,
  shakespearePath,
} from '@tools/testing';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { resolveSettings, runTraining } from '../src/index.js';

beforeAll(() => startBackend());

const often = { rehearse: 'sometimes' } as const;
const PATIENT = 600_000;

/** A text as numbers of its sorted characters. */
function characters(text: string, first: number): { tokens: Int32Array; count: number } {
  const sorted = [...new Set(text)].toSorted();
  const numbers = new Map(sorted.map((character, i) => [character, first + i]));
  const tokens = Int32Array.from(text, (character) => numbers.get(character) ?? -1);
  return { tokens, count: sorted.length };
}

/** Nine tenths to train on, and the rest. */
function splitText(first: number): { vocabSize: number; train: Int32Array; val: Int32Array } {
  const { tokens, count } = characters(readFileSync(shakespearePath() ?? '', 'utf8'), first);
  const end = Math.floor(tokens.length * 0.9);
  return { vocabSize: first + count, train: tokens.subarray(0, end), val: tokens.subarray(end) };
}

const nano = nanoGptReference();
const course = courseReference();
const withText = shakespearePath() !== undefined;
const withNames = namesPath() !== undefined;

describe.skipIf(nano === undefined || !withText)('nanoGPT on a CPU', () => {
  it(
    'has its losses and evaluations',
    async () => {
      const { train, val } = splitText(0);
      const generator = Generator.seeded(1337);
      const sizes = { vocabSize: 65, contextSize: 64, channels: 128, heads: 4, layers: 4 };
      const gpt = new GPT({ ...sizes, bias: false }, generator);
      expect(countParameters(gpt)).toBe(nano?.parameters);
      const model = everyPosition(gpt);
      const options = { learningRate: 1e-3, betas: [0.9, 0.99], clipNorm: 1 } as const;
      const optimizer = adamw(decayMatrices(gpt.parameters(), 0.1), options);
      const falling = cosineDecay({ learningRate: 1e-3, finalLearningRate: 1e-4, steps: 1900 });
      const schedule = warmUp(100, falling);
      const drawn = (tokens: Int32Array, batches: number): RandomLoader =>
        new RandomLoader(new BlockDataset(tokensInMemory(tokens), { contextSize: 64 }), {
          batchSize: 12,
          batches,
          generator,
        });
      const batches = new InfiniteLoader(drawn(train, 1), { ahead: true });
      const [few, held] = [drawn(train, 20), drawn(val, 20)];
      const step = compile(stepOf(model, optimizer), often);
      const losses: number[] = [];
      for (let i = 0; i <= 250; i++) {
        if (i % 250 === 0) {
          const found = [
            (await evaluate(model, few, { compile })).loss,
            (await evaluate(model, held, { compile })).loss,
          ];
          const wanted = nano?.evaluations.find((evaluation) => evaluation.step === i);
          expectClose(found, [wanted?.train ?? 0, wanted?.val ?? 0], { absolute: 5e-5 });
        }
        optimizer.learningRate = schedule(i);
        for (const batch of batches) {
          losses.push(runOnBatch(step, batch)[0]);
          break;
        }
      }
      expectClose(losses.slice(0, 100), nano?.losses_first_100 ?? [], { absolute: 2e-5 });
      expect(step.program?.stats.fallbacks).toEqual({});
    },
    PATIENT,
  );
});

describe.skipIf(nano === undefined || !withText)('the preset shakespeare-char', () => {
  it(
    'begins as nanoGPT does, by its settings alone',
    async () => {
      const text = readFileSync(shakespearePath() ?? '', 'utf8');
      const sha256 = '86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed';
      const about = { name: 'shakespeare', sha256, replaced: 0 };
      const stop = new AbortController();
      const losses: number[] = [];
      const evaluations: (number | undefined)[] = [];
      await runTraining(
        resolveSettings({ flags: { preset: 'shakespeare-char', sampleInterval: 0 } }),
        {
          compile,
          loadText: async () => ({ ...about, text, bytes: text.length, characters: text.length }),
          signal: stop.signal,
          samples: 0,
          listeners: [
            (event) => {
              if (event.type === 'step') losses.push(event.batchLoss);
              if (event.type === 'validation') {
                evaluations.push(event.trainEstimate, event.evaluation.loss);
              }
              if (losses.length === 30) stop.abort();
            },
          ],
        },
      );
      expectClose(losses, nano?.losses_first_100.slice(0, 30) ?? [], { absolute: 2e-5 });
      const [first] = nano?.evaluations ?? [];
      expectClose(evaluations.slice(0, 2).map(Number), [first?.train ?? 0, first?.val ?? 0], {
        absolute: 5e-5,
      });
    },
    PATIENT,
  );
});

describe.skipIf(course === undefined || !withNames)("lecture 7's GPT", () => {
  /** Windows of 12 within a name and its end, with 12 targets. */
  function windowsOf(names: readonly string[], numbers: ReadonlyMap<string, number>): ArrayDataset {
    const starts = names.flatMap((name) => {
      const tokens = Array.from(`${name}.`, (character) => numbers.get(character) ?? -1);
      return Array.from({ length: Math.max(tokens.length - 12, 0) }, (_, i) =>
        tokens.slice(i, i + 13),
      );
    });
    return new ArrayDataset({
      inputs: Int32Array.from(starts.flatMap((window) => window.slice(0, -1))),
      targets: Int32Array.from(starts.flatMap((window) => window.slice(1))),
      contextSize: 12,
    });
  }

  it(
    'has its losses on names',
    async () => {
      const reference = course?.lecture7_gpt;
      const names = readFileSync(namesPath() ?? '', 'utf8')
        .trim()
        .split('\n');
      const symbols = ['.', ...[...new Set(names.join(''))].toSorted()];
      const numbers = new Map(symbols.map((symbol, i) => [symbol, i]));
      const split = trainTestSplit(names, { testSize: 0.1, generator: Generator.seeded(101) });
      const [train, val] = [split.train, split.test].map((part) => windowsOf(part, numbers));
      expect([train.length, val.length]).toEqual(reference?.windows);
      const sizes = { vocabSize: 27, contextSize: 12, channels: 64, heads: 4, layers: 3 };
      const bias = { feedForward: true, norm: true };
      const parts = { bias, tiedHead: false, projections: 'separate', init: 'pytorch' } as const;
      // The figures are of the course's class, whose head has no bias, with another head put in its place.
      const generator = Generator.seeded(101);
      const bare = new GPT({ ...sizes, ...parts }, generator);
      const head = new Linear(64, 27, generator);
      const withBias = { ...parts, bias: { ...bias, head: true } };
      const gpt = new GPT({ ...sizes, ...withBias }, Generator.seeded(101));
      const { weight, bias: added } = stateDict(head);
      loadStateDict(gpt, { ...stateDict(bare), 'linear.weight': weight, 'linear.bias': added });
      expect(countParameters(gpt)).toBe(reference?.parameters);
      const model = everyPosition(gpt);
      const optimizer = sgd(gpt.parameters(), { learningRate: 0.01 });
      const step = compile(stepOf(model, optimizer), often);
      const options = { batchSize: 32, shuffle: true, generator: Generator.seeded(101) };
      const losses: number[] = [];
      for (const batch of new InfiniteLoader(new DataLoader(train, options))) {
        losses.push(runOnBatch(step, batch)[0]);
        if (losses.length === 300) break;
      }
      expectClose(losses.slice(0, 20), reference?.losses_first_20 ?? [], { absolute: 1e-5 });
      expectClose(losses.slice(-1), [reference?.loss_300 ?? 0], { absolute: 1e-3 });
      const { loss } = await evaluate(model, new DataLoader(val, { batchSize: 32 }), { compile });
      expectClose([loss], [reference?.val ?? 0], { absolute: 1e-3 });
    },
    PATIENT,
  );
});

describe.skipIf(course === undefined || !withText)("the course's GPT on Shakespeare", () => {
  it(
    'has its rates, gradient norms and losses',
    async () => {
      const reference = course?.gpt_shakespeare;
      const { train, val, vocabSize } = splitText(6); // behind six special tokens
      expect(vocabSize).toBe(reference?.vocabulary);
      const sizes = { vocabSize, contextSize: 64, channels: 128, heads: 4, layers: 2 };
      const bias = { feedForward: true, norm: true };
      const parts = { bias, tiedHead: false, projections: 'separate', init: 'pytorch' } as const;
      const gpt = new GPT({ ...sizes, ...parts }, Generator.seeded(101));
      expect(countParameters(gpt)).toBe(reference?.parameters);
      const model = everyPosition(gpt);
      const options = { learningRate: 1e-3, weightDecay: 0.1, clipNorm: 0.5 };
      const optimizer = adamw(gpt.parameters(), options);
      const step = compile((...batch: BatchTensors): Tensor1D => {
        const [inputs, targets] = batch;
        const valueOf = (): Scalar => crossEntropy(model.logits(inputs, 'training'), targets);
        const { loss, gradients } = optimizer.gradients(valueOf);
        const squares = gradients.flatMap((gradient) =>
          gradient === undefined ? [] : [sum<Scalar>(square(gradient))],
        );
        optimizer.update(gradients);
        return stack([loss, sqrt(squares.reduce((a, b) => add(a, b)))]) as Tensor1D;
      }, often);
      const dataset = (tokens: Int32Array): BlockDataset =>
        new BlockDataset(tokensInMemory(tokens), { contextSize: 64 });
      const shuffled = { batchSize: 64, shuffle: true, generator: Generator.seeded(101) };
      const batches = new InfiniteLoader(new DataLoader(dataset(train), shuffled));
      const [losses, norms, rates]: number[][] = [[], [], []];
      let firstRow: number[] | undefined;
      for (const batch of batches) {
        const n = losses.length;
        firstRow ??= [...batch.inputs.subarray(0, 64)];
        const rate = 1e-3 * (n < 12 ? n / 12 : 0.5 * (1 + Math.cos((Math.PI * (n - 12)) / 108)));
        optimizer.learningRate = rate;
        rates.push(rate);
        const [loss, norm] = Array.from(runOnBatch(step, batch));
        losses.push(loss);
        norms.push(norm);
        if (losses.length === 120) break;
      }
      expect(firstRow).toEqual(reference?.first_row);
      expectClose(rates, reference?.rates ?? [], { absolute: 1e-9 });
      expectClose(losses.slice(0, 20), reference?.losses.slice(0, 20) ?? [], { absolute: 1e-5 });
      expectClose(losses, reference?.losses ?? [], { absolute: 1e-3 });
      expectClose(norms.slice(0, 20), reference?.gradient_norms.slice(0, 20) ?? [], {
        absolute: 1e-4,
      });
      const head = val.subarray(0, 20 * 64 + 64); // 20 batches of 64 rows
      const { loss } = await evaluate(model, new DataLoader(dataset(head), { batchSize: 64 }), {
        compile,
      });
      expectClose([loss], [reference?.val ?? 0], { absolute: 1e-3 });
    },
    PATIENT,
  );
});
