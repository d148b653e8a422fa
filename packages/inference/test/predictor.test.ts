// What comes next, and how surprising a text is, for every kind of model.
import { BpeTokenizer, BytesTokenizer, countCodePoints, encodeLines } from '@llm101/data';
import { evaluationOf, examplesOf, modelNames } from '@llm101/runs';
import { evaluate } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { mul, softmax, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { Predictor } from '../src/index.js';
import { letters, modelOf } from './models.js';

beforeAll(() => startBackend());

const examples = ['lines', 'blocks'] as const;
const kinds = modelNames.flatMap((name) => examples.map((how) => [name, how] as const));

describe.each(kinds)('%s of %s', (name, how) => {
  const text =
    how === 'lines' ? 'emma\nolivia\nemmaolivia' : 'emma\nolivia\nava\nzoe\nisabella\nmia';

  it('has a probability for each token, the likeliest first, and one ends a line', () => {
    const saved = modelOf(name, how);
    const { model, tokenizer } = saved;
    const predictor = new Predictor(saved, { compile });
    const next = predictor.next('emma');
    const seen = [...tokenizer.encode('emma')];
    const zeros = model.padsContexts === true ? Array<number>(model.contextSize).fill(0) : [];
    const window = [[...zeros, ...seen].slice(-model.contextSize)];
    const expected = tidy(() =>
      softmax(model.logits(tensor2d(window, undefined, 'int32'))),
    ).dataSync();
    expect(next.map(({ token }) => token).toSorted((a, b) => a - b)).toEqual([...expected.keys()]);
    const found = next.map(({ probability }) => probability);
    expectClose(
      found,
      next.map(({ token }) => expected[token]),
      { relative: 1e-4 },
    ); // a stream, in single precision
    expect(found).toEqual(found.toSorted((a, b) => b - a));
    expectClose([found.reduce((a, b) => a + b)], [1], { absolute: 1e-12 });
    expect(next.filter(({ isEnd }) => isEnd).map(({ text: end }) => end)).toEqual(
      how === 'lines' ? ['.'] : [],
    );
    predictor.dispose();
    model.dispose();
  });

  it('predicts what follows drawn tokens as what follows their text', () => {
    const saved = modelOf(name, how);
    const predictor = new Predictor(saved, { compile });
    const drawn = [...saved.tokenizer.encode('ma')];
    expect(predictor.next('em', { drawn })).toEqual(predictor.next('emma'));
    predictor.dispose();
    saved.model.dispose();
  });

  it('is surprised by each token by what it gave it', async () => {
    const saved = modelOf(name, how);
    const { vocabSize } = saved.tokenizer;
    const predictor = new Predictor(saved, { compile });
    const { parts, bits, characters, unknown } = await predictor.surprise(text);
    expect(parts.map((part) => part.text).join('')).toBe(text);
    let before = '';
    for (const part of parts) {
      const next = predictor.next(before);
      const { probability, token } = next.find((one) => one.token === part.tokens[0]) ?? next[0];
      expect([token]).toEqual(part.tokens);
      expectClose([part.bits ?? NaN], [-Math.log2(probability)], { absolute: 1e-3 });
      const entropy = next.reduce((sum, { probability: p }) => sum - p * Math.log2(p), 0);
      expectClose([part.entropyBits], [entropy], { absolute: 1e-3 });
      expect(part.rank).toBeGreaterThanOrEqual(1);
      expect(part.rank).toBeLessThanOrEqual(vocabSize);
      before += part.text;
    }
    expectClose([bits], [parts.reduce((sum, part) => sum + (part.bits ?? 0), 0)], {
      absolute: 1e-9,
    });
    expect(characters).toBe(text.length + (how === 'lines' ? 1 : 0));
    expect(unknown).toBe(0);
    predictor.dispose();
    saved.model.dispose();
  });

  it('leaves no tensor behind', async () => {
    const saved = modelOf(name, how);
    await expectNoLeak(async () => {
      const predictor = new Predictor(saved, { compile });
      predictor.next('em');
      await predictor.surprise('emma');
      predictor.dispose();
    });
    saved.model.dispose();
  });

  it('follows a model that changes, once it is told', () => {
    const saved = modelOf(name, how);
    const predictor = new Predictor(saved, { compile });
    const before = predictor.next('em');
    for (const parameter of saved.model.parameters())
      parameter.assign(tidy(() => mul(parameter, 1.5)));
    predictor.changed();
    const fresh = new Predictor(saved, { compile });
    expect(predictor.next('em')).toEqual(fresh.next('em'));
    expect(predictor.next('em')).not.toEqual(before);
    predictor.dispose();
    fresh.dispose();
    saved.model.dispose();
  });
});

describe('a text', () => {
  it('of several lines begins anew on each, and is read with either line end', async () => {
    const saved = modelOf('gru', 'lines');
    const predictor = new Predictor(saved, { compile });
    const { parts } = await predictor.surprise('emma\nava\r\n\nemma\n');
    expect(parts.map((part) => part.text).join('')).toBe('emma\nava\r\n\nemma\n');
    expect(parts.filter(({ isEnd }) => isEnd).map((part) => part.text)).toEqual([
      '\n',
      '\r\n',
      '\n',
      '\n',
    ]);
    expect(parts.slice(-5).map(({ bits }) => bits)).toEqual(
      parts.slice(0, 5).map(({ bits }) => bits),
    );
    expect(predictor.next('olivia\nem')).toEqual(predictor.next('em'));
    expect((await predictor.surprise('')).parts).toMatchObject([{ text: '', isEnd: true }]);
    predictor.dispose();
    saved.model.dispose();
  });

  it('may have characters that the model doesn’t know, which hide what is before them', async () => {
    const saved = modelOf('mlp', 'lines');
    const predictor = new Predictor(saved, { compile });
    const { parts, unknown, characters, bits } = await predictor.surprise('emZ👍ma');
    expect(parts.map((part) => part.bits === undefined)).toEqual([
      false,
      false,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect([unknown, characters]).toEqual([2, 5]);
    expect(Number.isFinite(bits)).toBe(true);
    const [alone] = (await predictor.surprise('ma')).parts;
    expect(parts[4].bits).toBe(alone.bits);
    expect(() => predictor.next('emZ')).toThrow(
      "text must be made of characters that the model knows, abcdefghijklmnopqrstuvwxyz; got 'Z' (U+005A) in 'emZ'",
    );
    predictor.dispose();
    saved.model.dispose();
  });

  it('of bytes and of merges comes in whole characters', async () => {
    const text = 'naïve 世界 👍 naïve naïve';
    const bytes = new BytesTokenizer({ padding: false });
    const bpe = BpeTokenizer.fromText(text, {
      vocabSize: 262,
      minFrequency: 1,
      lineEnds: 'characters',
    });
    for (const tokenizer of [bytes, bpe]) {
      const saved = modelOf('gpt', 'blocks', { tokenizer, contextSize: 64 });
      const predictor = new Predictor(saved, { compile });
      const { parts, characters } = await predictor.surprise(text);
      expect(parts.map((part) => part.text).join('')).toBe(text);
      expect(characters).toBe(countCodePoints(text));
      expect(parts.flatMap(({ tokens }) => tokens)).toEqual([...tokenizer.encode(text)]);
      expect(parts.every(({ text: part }) => part !== '' && !part.includes('\uFFFD'))).toBe(true);
      const written = predictor.next('na').map((next) => next.text);
      expect(written).toContain('<0xE4>');
      expect(written).toContain('a');
      predictor.dispose();
      saved.model.dispose();
    }
  });

  it.each(['mlp', 'cnn', 'wavenet', 'gru', 'gpt'] as const)(
    'that is longer than what a %s sees is read in lanes, each with enough before it',
    async (name) => {
      const saved = modelOf(name, 'blocks');
      const { model } = saved;
      const text = Array.from({ length: 700 }, (_, i) => letters[(i * i + 3 * i) % 26]).join('');
      const predictor = new Predictor(saved, { compile });
      const { parts } = await predictor.surprise(text);
      expect(parts.map((part) => part.text).join('')).toBe(text);
      const T = model.contextSize;
      // Where a lane begins, and what is read before it: half of what a GPT keeps, else all that is seen.
      const from: Readonly<Record<typeof name, (at: number) => number>> = {
        mlp: (at) => at - T,
        cnn: (at) => at - T,
        wavenet: (at) => at - T,
        gru: (at) => Math.max(0, 1 + 256 * Math.floor((at - 1) / 256) - T),
        gpt: (at) => (T * Math.floor((2 * at) / T - 1)) / 2,
      };
      for (const at of [100, 255, 256, 257, 300, 511, 699]) {
        const next = predictor.next(text.slice(from[name](at), at));
        const { probability = NaN } = next.find((one) => one.text === text[at]) ?? {};
        expectClose([parts[at].bits ?? NaN], [-Math.log2(probability)], { absolute: 1e-3 });
      }
      predictor.dispose();
      model.dispose();
    },
  );

  it('costs as many bits as an evaluation of its lines says', async () => {
    const saved = modelOf('wavenet', 'lines');
    const lines = ['emma', 'olivia', 'ava', 'isabella', 'sophia'];
    const predictor = new Predictor(saved, { compile });
    const { bits, characters } = await predictor.surprise(`${lines.join('\n')}\n`);
    const part = { tokens: encodeLines(lines, saved.tokenizer) };
    const { tokenizer, model } = saved;
    const data = evaluationOf('wavenet', part, { tokenizer, contextSize: model.contextSize });
    const { bitsPerToken } = await evaluate(examplesOf('wavenet').trained(model), data);
    expectClose([bits / characters], [bitsPerToken], { absolute: 1e-5 });
    predictor.dispose();
    model.dispose();
  });

  it('lets others have the thread between calls of the model, and ends where they say so', async () => {
    const saved = modelOf('mlp', 'lines');
    const predictor = new Predictor(saved, { compile });
    const seen: number[] = [];
    await predictor.surprise('emma\nava', {
      async between(done, all) {
        expect(all).toBe(9);
        seen.push(done);
        await Promise.resolve();
      },
    });
    expect(seen).toEqual([2, 4, 6, 8, 9]);
    const stop = new Error('stopped');
    const stopped = predictor.surprise('emma', { between: () => Promise.reject(stop) });
    await expect(stopped).rejects.toBe(stop);
    predictor.dispose();
    saved.model.dispose();
  });

  it('has no surprise for a model that has diverged', async () => {
    const saved = modelOf('mlp', 'lines');
    for (const parameter of saved.model.parameters())
      parameter.assign(tidy(() => mul(parameter, NaN)));
    const predictor = new Predictor(saved, { compile });
    expect(() => predictor.next('')).toThrow('the model gives NaN');
    await expect(predictor.surprise('a')).rejects.toThrow('the model gives NaN');
    predictor.dispose();
    saved.model.dispose();
  });
});

describe('what is drawn', () => {
  it('is what temperature, topK and topP leave', () => {
    const saved = modelOf('mlp', 'lines');
    const predictor = new Predictor(saved, { compile });
    const all = predictor.next('em');
    expect(all.map(({ drawn }) => drawn)).toEqual(all.map(({ probability }) => probability));
    const three = predictor.next('em', { topK: 3 });
    expect(three.filter(({ drawn }) => drawn > 0)).toHaveLength(3);
    expectClose(
      [three[0].drawn],
      [all[0].probability / (all[0].probability + all[1].probability + all[2].probability)],
      { absolute: 1e-12 },
    );
    const sharp = predictor.next('em', { temperature: 0 });
    expect(sharp.map(({ drawn }) => drawn).slice(0, 2)).toEqual([1, 0]);
    expect(() => predictor.next('em', { topP: 0 })).toThrow('topP must be above 0');
    predictor.dispose();
    saved.model.dispose();
  });
});
