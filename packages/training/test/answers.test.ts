// Whole answers that are right: those that the likeliest tokens, one after the other, give.
import {
  answersAfter,
  CharTokenizer,
  encodeLines,
  loadText,
  NextTokenDataset,
  SequenceDataset,
  SequenceLoader,
  splitLines,
  type TokenLines,
} from '@llm101/data';
import { type LanguageModel, MLP, RecurrentNetwork, sample, WaveNet } from '@llm101/models';
import { Generator } from '@llm101/random';
import { compile, startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adamw,
  evaluate,
  everyPosition,
  InfiniteLoader,
  NextTokenCounts,
  train,
} from '../src/index.js';
import { formatProgress } from '../src/node/progress-bar.js';

beforeAll(() => startBackend());

const tokenizer = CharTokenizer.fromAlphabet('abc=');

async function linesOf(task: string): Promise<TokenLines> {
  const { text } = await loadText(task);
  return answersAfter(encodeLines(splitLines(text), tokenizer), tokenizer, '=');
}

/** The share of lines that a model completes as they are, asked one by one. */
function shareByAsking(model: LanguageModel, { tokens, starts, answers }: TokenLines): number {
  const right = Array.from(answers ?? [], (first, line) => {
    const end = starts[line + 1];
    const options = { temperature: 0, maxLength: 2 * (end - starts[line]) };
    const prompt = tokens.subarray(starts[line] + 1, first + 1);
    const [found] = sample(model, { generator: Generator.seeded(0), prompt, ...options });
    return found.join() === tokens.subarray(starts[line] + 1, end).join();
  });
  return right.filter(Boolean).length / right.length;
}

describe('answerAccuracy', () => {
  it('is the share of answers that greedy sampling gives, of windows and of sequences', async () => {
    const lines = await linesOf('copy:symbols=3,length=4,lines=100');
    const mlp = new MLP(
      { vocabSize: 5, contextSize: 10, dEmbed: 8, dHidden: 64 },
      Generator.seeded(1),
    );
    const wavenet = new WaveNet({ vocabSize: 5, channels: 24, depth: 4 }, Generator.seeded(1));
    const windows = new NextTokenDataset(lines, tokenizer, 10);
    const packed = { packedSize: 60, shuffle: true, generator: Generator.seeded(2) };
    const loader = new SequenceLoader(new SequenceDataset(lines, tokenizer), packed);
    const model = everyPosition(wavenet);
    const optimizer = adamw(wavenet.parameters(), { learningRate: 0.01 });
    const batches = new InfiniteLoader(loader, { reshuffle: true });
    await train({ model, optimizer, batches, maxSteps: 120, compile });
    const found = await evaluate(model, loader);
    expect(found.answers).toBe(100);
    expect(found.answerAccuracy).toBeGreaterThan(0.1);
    expect(found.answerAccuracy).toBeLessThan(1);
    expect(found.answerAccuracy).toBe(shareByAsking(wavenet, lines));
    // by windows of all that it sees, counted and as batches
    const seen = new NextTokenDataset(lines, tokenizer, wavenet.receptiveField);
    const counted = await evaluate(wavenet, new NextTokenCounts(seen, 5));
    expect(counted.answerAccuracy).toBe(found.answerAccuracy);
    expect(counted.examples).toBe(found.examples);
    const untrained = await evaluate(mlp, new NextTokenCounts(windows, 5));
    expect(untrained.answers).toBe(100);
    expect(untrained.answerAccuracy).toBe(shareByAsking(mlp, lines));
    for (const own of [mlp, wavenet, optimizer]) own.dispose();
  });
  it('is of the whole line where pieces of it are in several batches', async () => {
    const lines = await linesOf('copy:symbols=3,length=9,shortest=9,lines=20');
    const sizes = {
      cell: 'gru',
      vocabSize: 5,
      contextSize: 20,
      dEmbed: 4,
      dHidden: 8,
      layers: 1,
      dropout: 0,
    } as const;
    const model = new RecurrentNetwork({ ...sizes, separated: true }, Generator.seeded(3));
    const dataset = new SequenceDataset(lines, tokenizer);
    const options = { packedSize: 8, lookBack: 4 };
    const { answers, answerAccuracy } = await evaluate(
      everyPosition(model),
      new SequenceLoader(dataset, options),
    );
    expect({ answers, answerAccuracy }).toEqual({ answers: 20, answerAccuracy: 0 });
    model.dispose();
  });
  it('is left out where lines have no answers', async () => {
    const model = new WaveNet({ vocabSize: 5, channels: 4, depth: 2 }, Generator.seeded(1));
    const dataset = new SequenceDataset(['abc', 'b'], tokenizer);
    const found = await evaluate(
      everyPosition(model),
      new SequenceLoader(dataset, { batchSize: 2 }),
    );
    expect(found).not.toHaveProperty('answers');
    expect(found).not.toHaveProperty('answerAccuracy');
    model.dispose();
  });
  it('refuses a batch whose answers are too few', async () => {
    const model = new WaveNet({ vocabSize: 5, channels: 4, depth: 2 }, Generator.seeded(1));
    const [inputs, targets] = [new Int32Array(4), new Int32Array(4)];
    const batch = { size: 1, contextSize: 4, inputs, targets, answers: new Int32Array(3) };
    await expect(evaluate(everyPosition(model), [batch])).rejects.toThrow(
      'evaluate: a batch must have a number for each of its 4 targets where it has answers; got 3',
    );
    model.dispose();
  });
});

it('the progress bar shows the share', () => {
  const progress = { step: 5, maxSteps: 10, elapsedMs: 0, valLoss: 0.5, answerAccuracy: 0.875 };
  expect(formatProgress(progress)).toBe(' 50% 5/10 · val 0.5000 · answers 87.5%');
});
