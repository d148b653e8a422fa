// llm101 denoise: noise, priors, and what becomes of the names.
import { join } from 'node:path';
import { CNN, MLP, WaveNet } from '@llm101/models';
import { Generator } from '@llm101/random';
import { compile, startBackend } from '@llm101/wasm';
import { logSoftmax, mul, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { countRepairs, type Repairs } from '../src/commands/denoise/repairs.js';
import { makeChannel } from '../src/commands/denoise/channel.js';
import { networkPrior } from '../src/priors.js';
import { emptyFolder, errorOf, succeed } from './llm101.js';

interface Denoised {
  readonly channel: string;
  readonly priors: readonly (Repairs & { readonly prior: string })[];
}

const denoise = async (...args: string[]): Promise<Denoised['priors']> =>
  (JSON.parse((await succeed('denoise', ...args, '--json')).stdout) as Denoised).priors;

describe('llm101 denoise', () => {
  it('corrects more with longer n-grams, and the same each time', async () => {
    const rows = await denoise('--count', '400');
    expect(rows.map(({ prior }) => prior)).toEqual(['none', 'unigrams', 'bigrams', '6-grams']);
    for (const { wrongBefore, setRight, broken, wrongAfter, names } of rows) {
      expect(names).toBe(400);
      expect(wrongBefore).toBe(rows[0].wrongBefore);
      expect(wrongAfter).toBeLessThanOrEqual(wrongBefore - setRight + broken);
    }
    const after = rows.map(({ wrongAfter }) => wrongAfter);
    expect(after[1]).toBe(after[0]); // no letter is frequent enough to doubt what was received
    expect(after[2]).toBeLessThan(after[0]);
    expect(after[3]).toBeLessThan(after[2]);
    expect(rows[3].namesRightAfter).toBeGreaterThan(rows[0].namesRightAfter);

    const few = ['--count', '100', '--order', '3'];
    expect(await denoise(...few)).toEqual(await denoise(...few));
    const [other] = await denoise(...few, '--noise-seed', '5');
    expect(other.wrongBefore).not.toBe((await denoise(...few))[0].wrongBefore);
  });

  it('has a network beside the n-grams, and both together', async () => {
    const runDir = join(emptyFolder(), 'run');
    const flags = ['--preset', 'wavenet-small', '--d-hidden', '16', '--max-steps', '150'];
    await succeed('train', ...flags, '--val-interval', '0', '--run-dir', runDir);
    const rows = await denoise('--model', runDir, '--order', '3', '--beam', '8', '--count', '300');
    expect(rows.map(({ prior }) => prior)).toEqual(
      'none,unigrams,bigrams,3-grams,wavenet,wavenet and 3-grams'.split(','),
    );
    const [none, , , , network, mixed] = rows;
    expect(network.setRight).toBeGreaterThan(0);
    expect(network.wrongAfter).toBeLessThan(none.wrongAfter);
    expect(mixed.wrongAfter).toBeLessThan(none.wrongAfter);
    const { stdout } = await succeed('denoise', '--model', runDir, '--beam', '8', 'georzette');
    expect(stdout).toMatch(/\ncorrected by wavenet and 6-grams\ngeorgette\n$/);
  });

  it('fills in what was lost, and flips bits', async () => {
    const erased = await denoise('--channel', 'erasure', '--count', '200', '--order', '4');
    expect(erased[0].wrongBefore).toBeGreaterThan(100);
    expect(erased[3].broken).toBe(0); // what arrives is what was sent
    expect(erased[3].setRight).toBeGreaterThan(erased[0].wrongBefore / 4);
    const flipped = await denoise('--channel', 'binary', '--rate', '0.02', '--count', '200');
    expect(flipped[3].wrongAfter).toBeLessThan(flipped[0].wrongBefore / 1.5);
    const { stdout } = await succeed('denoise', '--channel', 'erasure', '--count', '5');
    expect(stdout).toMatch(/\n5 held-out lines, 10\.0 % of the characters lost: \d+ of \d+ char/);
    expect(stdout).toMatch(/\nprior +wrong +set right +broken +net +lines right\n/);
    const clear = await denoise('--rate', '0', '--count', '5', '--order', '2');
    expect(clear.map(({ wrongAfter }) => wrongAfter)).toEqual([0, 0, 0]);
  });

  it('corrects words', async () => {
    const correct = async (...args: string[]) =>
      (await succeed('denoise', '--quiet', ...args)).stdout;
    expect(await correct('georzette', 'bfrtrando')).toBe('georgette\nbertrando\n');
    expect(await correct('--decode', 'names', 'georzette')).toBe('georgette\n');
    expect(await correct('--channel', 'erasure', 'geor??tte')).toBe('georgette\n');
    expect(await correct('--channel', 'erasure', '--rate', '0', 'geor?ette')).toBe('geor?ette\n');
  });

  it('refuses what it can’t do in a line', async () => {
    expect(await errorOf(1, 'denoise', 'zoé')).toMatch(
      /^words must be made of characters of the text, a.*z; got 'é' \(U\+00E9\) in 'zoé'; take it out/,
    );
    expect(await errorOf(1, 'denoise', 'zo?')).toMatch(/--channel erasure fills in what is lost$/);
    expect(await errorOf(2, 'denoise', '--rate', '2')).toContain(
      '--rate must be a number from 0 to 1; got 2',
    );
    expect(await errorOf(2, 'denoise', '--channel', 'post')).toContain(
      '--channel must be substitution, erasure or binary; got "post"',
    );
    expect(await errorOf(2, 'denoise', '--model', 'a', '--seed', '3')).toContain(
      'cannot be used with option',
    );
  });
});

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
  beforeAll(async () => {
    await startBackend();
  });
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
      const prior = networkPrior(model, { compile });
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
    const prior = networkPrior(model, { compile });
    expect(() => prior.logProbabilities([[]])).toThrow('the model gives NaN');
    prior.dispose();
    model.dispose();
  });
});
