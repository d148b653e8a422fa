// Noisy text and what corrects it: channels, priors, and what becomes of the letters.
import { BytesTokenizer, CharTokenizer, encodeLines } from '@llm101/data';
import { CNN, type LanguageModel, MLP, WaveNet } from '@llm101/models';
import { Generator } from '@llm101/random';
import { compile, startBackend } from '@llm101/wasm';
import { logSoftmax, mul, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  correctNoisy,
  countRepairs,
  decodeNoisy,
  encodeNoisy,
  makeChannel,
  makePriors,
  networkPrior,
  Predictor,
  priorSurprisals,
} from '../src/index.js';
import { modelOf } from './models.js';

describe('countRepairs', () => {
  it('distinguishes what was set right from what was broken', () => {
    const sent = [[1, 2, 3, 4], [5]];
    const received = [[1, 9, 9, 4], [5]];
    const corrected = [[1, 2, 8, 7], [5]];
    expect(countRepairs(sent, received, corrected)).toEqual({
      characters: 5,
      wrongBefore: 2,
      setRight: 1,
      broken: 1,
      wrongAfter: 2,
      names: 2,
      namesRightBefore: 1,
      namesRightAfter: 1,
    });
  });
});

describe('makeChannel', () => {
  it('flips each bit by itself', () => {
    const { matrix } = makeChannel({ channel: 'binary', size: 27, rate: 0.1 });
    // Five bits, none flipped; one; and 5 to 10, four.
    expectClose(matrix[5][5], 0.9 ** 5, { relative: 1e-15 });
    expectClose(matrix[5][4], 0.1 * 0.9 ** 4, { relative: 1e-15 });
    expectClose(matrix[5][10], 0.1 ** 4 * 0.9, { relative: 1e-15 });
    expect(matrix[5][32]).toBe(0);
    expect(matrix[0][32]).toBe(1); // nothing that arrives is an end
  });
  it.each(['substitution', 'erasure', 'binary'] as const)('%s: never an end', (channel) => {
    for (const size of [2, 3, 27]) {
      const { matrix } = makeChannel({ channel, size, rate: 0.25 });
      const asEnd = [...matrix[0].entries()].flatMap(([y, p]) => (p > 0 ? [y] : []));
      const asLetters = asEnd.flatMap((y) => matrix.slice(1).map((row) => row[y]));
      expect(asLetters).toEqual(Array(size - 1).fill(0));
    }
  });
});

describe('networkPrior', () => {
  beforeAll(() => startBackend());
  const tokenizer = CharTokenizer.fromAlphabet('abcd');
  const ofLines = (model: LanguageModel) => ({ model, tokenizer, examples: 'lines' }) as const;
  const sizes = { vocabSize: 5, contextSize: 4, dEmbed: 3, dHidden: 6 };
  it.each([
    ['MLP', () => new MLP(sizes, Generator.seeded(1))],
    ['CNN', () => new CNN(sizes, Generator.seeded(1))],
    [
      'WaveNet',
      () => new WaveNet({ vocabSize: 5, channels: 4, depth: 2, blocks: 2 }, Generator.seeded(1)),
    ],
  ] as const)('%s: is the model on padded windows, whatever the lengths', async (_, make) => {
    const model = make();
    const contexts = [[], [1], [1], [2, 3, 4], [4, 3, 2, 1, 1, 2, 3, 4, 4, 3], [2, 3, 4]];
    const T = model.contextSize;
    const padded = contexts.map((c) => [...Array<number>(T).fill(0), ...c].slice(-T));
    const expected = tidy(() => logSoftmax(model.logits(tensor2d(padded, undefined, 'int32'))));
    await expectNoLeak(() => {
      const prior = networkPrior(ofLines(model), { compile });
      expect(prior.size).toBe(5);
      // Single precision, in another order for fewer positions.
      expectClose(prior.logProbabilities(contexts), expected.dataSync(), { absolute: 1e-5 });
      prior.dispose();
    });
    expected.dispose();
    model.dispose();
  });
  it('says that a model has diverged', () => {
    const model = new MLP(sizes, Generator.seeded(1));
    for (const parameter of model.parameters()) parameter.assign(tidy(() => mul(parameter, NaN)));
    const prior = networkPrior(ofLines(model), { compile });
    expect(() => prior.logProbabilities([[]])).toThrow('the model gives NaN');
    prior.dispose();
    model.dispose();
  });
  it.each(['mlp', 'gpt'] as const)('%s: reads one text as where texts are drawn', (name) => {
    const saved = modelOf(name, 'blocks');
    const prior = networkPrior(saved, { compile });
    const predictor = new Predictor(saved, { compile });
    const sequence = [...saved.tokenizer.encode('em\nma')];
    const found = priorSurprisals(prior, sequence);
    for (const [i, token] of sequence.entries()) {
      const next = predictor.next(saved.tokenizer.decode(sequence.slice(0, i)));
      const { probability = NaN } = next.find((one) => one.token === token) ?? {};
      expectClose([found[i]], [-Math.log(probability)], { absolute: 1e-4 });
    }
    prior.dispose();
    predictor.dispose();
    saved.model.dispose();
  });
});

describe('noisy text', () => {
  const tokenizer = CharTokenizer.fromAlphabet('abcdefghijklmnopqrstuvwxyz');
  it('is symbols and back, what is lost among them', () => {
    const lost = encodeNoisy('e?ma', { tokenizer, channel: 'erasure' });
    expect(lost).toEqual([5, 27, 13, 1]);
    expect(decodeNoisy(lost, tokenizer)).toBe('e?ma');
    expect(() => encodeNoisy('e?ma', { tokenizer, channel: 'binary' })).toThrow(
      '--channel erasure fills in what is lost',
    );
  });
  it('of bytes comes back in whole characters', () => {
    const bytes = new BytesTokenizer();
    const symbols = encodeNoisy('naïve', { tokenizer: bytes, channel: 'substitution' });
    expect(decodeNoisy(symbols, bytes)).toBe('naïve');
    symbols[3] = bytes.vocabSize; // the second byte of ï is lost
    expect(decodeNoisy(symbols, bytes)).toBe('na\uFFFD?ve');
  });
  it('is put right by what lines look like', () => {
    const lines = ['emma', 'olivia', 'ava', 'isabella', 'sophia', 'emily', 'amelia'];
    const train = { tokens: encodeLines(lines, tokenizer) };
    const { ngrams, networks } = makePriors({ tokenizer, train }, { order: 4 });
    expect(ngrams.map(({ name }) => name)).toEqual(['unigrams', 'bigrams', '4-grams']);
    expect(networks).toEqual([]);
    const channel = makeChannel({ channel: 'substitution', size: 27, rate: 0.1 });
    const received = ['sophxa', 'isabelka'].map((word) =>
      encodeNoisy(word, { tokenizer, channel: 'substitution' }),
    );
    const { prior } = ngrams[2];
    let done = 0;
    const corrected = correctNoisy(received, {
      channel,
      prior,
      beam: 16,
      decode: 'names',
      onProgress: (more) => (done += more),
    });
    expect(corrected.map((symbols) => decodeNoisy(symbols, tokenizer))).toEqual([
      'sophia',
      'isabella',
    ]);
    expect(done).toBe(2);
  });
  it('has a network and a mixture beside the n-grams where there is one', () => {
    const train = { tokens: encodeLines(['emma', 'ava'], tokenizer) };
    const { prior } = makePriors({ tokenizer, train }, { order: 1 }).ngrams[0];
    const { networks } = makePriors(
      { tokenizer, train },
      { order: 2, network: { name: 'gru', prior } },
    );
    expect(networks.map(({ name }) => name)).toEqual(['gru', 'gru and bigrams']);
  });
});
