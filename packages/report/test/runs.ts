import type { RunData } from '../src/index.js';

/** The norms of a parameter and its gradient. */
export const norm = (values: number, gradient?: number) => ({ values, gradient });
/** A run that has everything, with some changes. */
export const run = (changes: Partial<RunData> = {}): RunData => ({
  name: 'runs/first',
  config: {
    model: 'mlp',
    data: 'names',
    seed: 101,
    maxSteps: 300,
    dataSha256: 'ab'.repeat(32),
    versions: { node: '20' },
  },
  metrics: [100, 200, 300].map((step) => ({
    step,
    trainLoss: 3 - step / 1000,
    batchLoss: 2.5,
    valLoss: step === 200 ? 2.25 : 2.5,
    stepsPerSecond: step,
    learningRate: 0.01,
  })),
  samples: [100, 300].map((step) => ({ step, texts: ['ana', `leo${step}`] })),
  statistics: [1, 300].map((step) => ({
    step,
    parameterNorm: 5,
    gradientNorm: 0.5,
    parameters: { 'embedding.weight': norm(3, 0.4), 'linear.bias': norm(4, 0.3) },
  })),
  model: {
    parameterCount: 10_227,
    embedding: {
      name: 'embedding.weight',
      symbols: ['.', 'a', 'b'],
      vectors: [
        [1, 2, 0],
        [0, 1, 1],
        [2, 0, 3],
      ],
    },
  },
  ...changes,
});

/** The text that a reader sees, without the charts' own. */
export const textOf = (page: string): string =>
  page
    .replaceAll(/<(style|script)\b[\s\S]*?<\/\1>|<svg[\s\S]*?<\/svg>/g, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
