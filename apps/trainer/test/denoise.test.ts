// llm101 denoise: noise, priors, and what becomes of the names.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Repairs } from '@llm101/inference';
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
