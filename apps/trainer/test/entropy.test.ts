// llm101 entropy: its figures, its curve, and how surprising words are.
import { join } from 'node:path';
import { NgramModel, sequenceSurprisals } from '@llm101/info-theory';
import { CharTokenizer, loadText, splitLines, trainTestSplit } from '@llm101/data';
import { Generator } from '@llm101/random';
import { expectClose } from '@tools/testing';
import { describe, expect, it } from 'vitest';
import { drawEntropies, type TextEntropies } from '../src/commands/entropy/entropies.js';
import { emptyFolder, errorOf, succeed } from './llm101.js';

const json = async <Document>(...args: string[]): Promise<Document> =>
  JSON.parse((await succeed(...args, '--json')).stdout) as Document;

interface Figures extends TextEntropies {
  readonly unit: string;
  readonly heldOut: { readonly lines: number; readonly characters: number };
  readonly model?: { readonly type: string; readonly crossEntropy: number };
}

interface Surprisals {
  readonly words: readonly {
    readonly word: string;
    readonly surprisals: Readonly<Record<string, readonly number[]>>;
  }[];
}

describe('llm101 entropy', () => {
  it('has the figures of the lecture’s page', async () => {
    const { orders, heldOut, guessing, matchLengthRate } = await json<Figures>(
      'entropy',
      '--order',
      '3',
    );
    const column = (key: keyof (typeof orders)[number]) =>
      orders.map((row) => row[key]?.toFixed(2));
    expect(heldOut).toEqual({ lines: 841, characters: 5911 });
    expect(column('counted')).toEqual(['4.75', '4.11', '3.49', '3.02']);
    expect(column('corrected')).toEqual(['4.75', '4.11', '3.50', '3.07']);
    expect(column('wittenBell')).toEqual([undefined, '4.12', '3.48', '3.13']);
    expect(column('kneserNey')).toEqual([undefined, '4.12', '3.48', '3.12']);
    expect(guessing.lower).toBeLessThan(guessing.upper);
    expect(matchLengthRate).toBeGreaterThan(1);
    expect(matchLengthRate).toBeLessThan(4);
  });

  it('is a table and a curve', async () => {
    const { stdout } = await succeed('entropy', '--order', '2', '--unit', 'nats');
    expect(stdout).toMatch(/^loaded 58,955 characters from names; 7,562 lines to learn from, 841/);
    expect(stdout).toMatch(/\nnats a character +counted +corrected +Witten–Bell +Kneser–Ney\n/);
    expect(stdout).toMatch(/\nbigrams +2\.418 +2\.423 +2\.415 +2\.415\n/);
    expect(stdout).toContain('┃');
    const { stdout: quiet } = await succeed('entropy', '--order', '1', '--quiet');
    expect(quiet).toMatch(/^bits a character/);
  });

  it('sets a network beside the n-grams, on the run’s own split', async () => {
    const runDir = join(emptyFolder(), 'run');
    const split = ['--seed', '7', '--val-size', '0.2', '--max-steps', '50'];
    await succeed('train', ...split, '--val-interval', '0', '--run-dir', runDir);
    const evaluation = await json<{ loss: number; examples: number }>(
      'evaluate',
      '--run-dir',
      runDir,
    );
    const nats = ['entropy', '--model', runDir, '--order', '2', '--unit', 'nats'];
    const { heldOut, model } = await json<Figures>(...nats);
    expect(model?.type).toBe('mlp');
    // Compiled here, interpreted there.
    expectClose(model?.crossEntropy ?? NaN, evaluation.loss, { relative: 1e-6 });
    expect(heldOut.characters).toBe(evaluation.examples);
    const { stdout } = await succeed('entropy', '--model', runDir, '--order', '2');
    const bits = (evaluation.loss / Math.LN2).toFixed(3);
    expect(stdout).toMatch(new RegExp(`\nmlp, on what is held out +${bits}\n`));

    const [{ surprisals }] = (
      await json<Surprisals>('entropy', '--model', runDir, '--surprisal', 'olivia')
    ).words;
    expect(Object.keys(surprisals)).toEqual(['unigrams', 'bigrams', '6-grams', 'mlp']);
    for (const values of Object.values(surprisals)) expect(values).toHaveLength(7);
  });

  it('says how surprising each character of words is', async () => {
    const { words } = await json<Surprisals>('entropy', '--surprisal', 'olivia', 'zzz');
    expect(words.map(({ word }) => word)).toEqual(['olivia', 'zzz']);
    const { text } = await loadText('names');
    const generator = Generator.seeded(101);
    const { train } = trainTestSplit(splitLines(text), { testSize: 0.1, generator });
    const tokenizer = CharTokenizer.fromAlphabet('abcdefghijklmnopqrstuvwxyz');
    const model = new NgramModel({ size: 27, order: 6 });
    for (const name of train) model.observe([...tokenizer.encode(name), 0]);
    expectClose(
      words[0].surprisals['6-grams'],
      sequenceSurprisals(model, [...tokenizer.encode('olivia'), 0], { unit: 'bits' }),
      { relative: 1e-12 }, // exp and log of the same numbers
    );
    const { stdout } = await succeed('entropy', '--surprisal', 'ada', '--order', '1', '--quiet');
    expect(stdout).toMatch(/^bits +a +d +a +end +in all\nunigrams( +\d\.\d){4} +\d\d\.\d\n$/);
  });

  it('knows no end of a line where the text is one stream', async () => {
    const runDir = join(emptyFolder(), 'run');
    const flags = ['--model', 'bigram', '--examples', 'blocks', '--max-steps', '5'];
    await succeed('train', ...flags, '--val-interval', '0', '--run-dir', runDir);
    const words = ['--surprisal', 'ada\nbo'];
    const { words: found } = await json<Surprisals>('entropy', '--model', runDir, ...words);
    for (const values of Object.values(found[0].surprisals)) expect(values).toHaveLength(6);
    const { stdout } = await succeed('entropy', '--model', runDir, '--surprisal', 'ada', '--quiet');
    expect(stdout).toMatch(/^bits +a +d +a +in all\n/);
  });

  it('refuses what it can’t do in a line', async () => {
    expect(await errorOf(1, 'entropy', '--surprisal', 'zoé')).toMatch(
      /^--surprisal must be made of characters that the model knows, abc.*; got 'é' \(U\+00E9\) in 'zoé'/,
    );
    expect(await errorOf(1, 'entropy', '--model', 'runs/a', '--data', 'names')).toContain(
      'there is no model to read at runs/a/model.safetensors',
    );
    expect(await errorOf(1, 'entropy', '--model', emptyFolder())).toContain(
      'there is no model to read',
    );
    expect(await errorOf(2, 'entropy', '--unit', 'bytes')).toContain(
      '--unit must be bits or nats; got "bytes"',
    );
    expect(await errorOf(2, 'entropy', '--order', '0')).toContain(
      '--order must be a whole number from 1 to 16; got 0',
    );
  });
});

describe('drawEntropies', () => {
  it('names the curves in the order in which they end', () => {
    const orders = [
      { order: 0, counted: 5, corrected: 5 },
      { order: 1, counted: 4, corrected: 4, wittenBell: 4, kneserNey: 4 },
      { order: 2, counted: 2, corrected: 2.5, wittenBell: 3.1, kneserNey: 3 },
    ];
    const entropies = { orders, matchLengthRate: 3, guessing: { lower: 1, upper: 3 } };
    const [, legend, ...plot] = drawEntropies(entropies, { unit: 'bits', network: ['cnn', 2.8] });
    expect(legend).toBe(
      '  Kneser–Ney, held out 3.00, cnn, held out 2.80, corrected 2.50, counted 2.00',
    );
    expect(plot.at(-1)?.trim()).toMatch(/^1 +2$/);
    expect(plot.filter((line) => /^(3\.00|2\.80|2\.50|2\.00)┤/.test(line))).toHaveLength(4);
  });
});
