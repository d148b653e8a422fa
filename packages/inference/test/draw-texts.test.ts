// Texts drawn from a model: at once, part by part, up to an end.
import { BytesTokenizer } from '@llm101/data';
import { sample } from '@llm101/models';
import { Generator } from '@llm101/random';
import { compile, startBackend } from '@llm101/wasm';
import { expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawText, drawTexts, planTexts, Predictor } from '../src/index.js';
import { modelOf } from './models.js';

beforeAll(() => startBackend());

const seeded = (): Generator => Generator.seeded(5);

describe.each(['lines', 'blocks'] as const)('of %s', (examples) => {
  it.each(['mlp', 'wavenet', 'gpt'] as const)('%s: texts are those of `sample`', (name) => {
    const saved = modelOf(name, examples);
    const { model, tokenizer } = saved;
    const plan = planTexts(saved, { prompt: 'em', maxLength: 20, temperature: 0.9, topK: 20 });
    const texts = drawTexts(plan, { count: 3, generator: seeded(), compile });
    const sequences = sample(model, {
      count: 3,
      generator: seeded(),
      prompt: plan.begin,
      endToken: examples === 'lines' ? 0 : 'none',
      maxLength: examples === 'lines' ? 20 : 20 + plan.begin.length,
      temperature: 0.9,
      topK: 20,
      compile,
    });
    expect(texts.map(({ text }) => text)).toEqual(
      sequences.map((tokens) => tokenizer.decode(tokens.slice(plan.hidden))),
    );
    for (const { text, tokens, logProbabilities } of texts) {
      expect(text.startsWith('em')).toBe(true);
      expect(tokens.join('').replace(/\.$/, '')).toBe(text.slice(2));
      expect(logProbabilities).toHaveLength(tokens.length);
    }
    model.dispose();
  });

  it('a text comes in parts, which are the same, with what chose each token', () => {
    const saved = modelOf('gpt', examples);
    const predictor = new Predictor(saved, { compile });
    const plan = planTexts(saved, { prompt: 'em', maxLength: 30 });
    const [whole] = drawTexts(plan, { count: 1, generator: seeded(), compile });
    const parts = [...drawText(plan, { generator: seeded(), scores: predictor.scores })];
    expect(plan.prompt + parts.map(({ text }) => text).join('')).toBe(whole.text);
    for (const { drawn } of parts) {
      if (drawn === undefined) continue;
      const { token, probabilities, u } = drawn;
      const below = probabilities.slice(0, token).reduce((a, b) => a + b, 0);
      expect(u).toBeGreaterThanOrEqual(below - 1e-12);
      expect(u).toBeLessThan(below + probabilities[token] + 1e-12);
    }
    predictor.dispose();
    saved.model.dispose();
  });

  it('nothing is left behind by whoever has enough of one', async () => {
    const saved = modelOf('gru', examples);
    await expectNoLeak(() => {
      for (const { drawn } of drawText(planTexts(saved), { generator: seeded(), compile })) {
        expect(drawn).toBeDefined();
        break;
      }
    });
    saved.model.dispose();
  });

  it('a prompt of characters that the model doesn’t know is refused, by its flag', () => {
    const saved = modelOf('mlp', examples);
    expect(() => planTexts(saved, { prompt: 'Em' })).toThrow(
      /^--prompt must be [^;]*; got 'E' \(U\+0045\) in 'Em'/,
    );
    const flagged = { prompt: 'Em', promptFlag: '--prompt-file' };
    expect(() => planTexts(saved, flagged)).toThrow(/^--prompt-file must be made of/);
    saved.model.dispose();
  });
});

it('a line must be able to be longer than its prompt', () => {
  const saved = modelOf('mlp', 'lines');
  expect(() => planTexts(saved, { prompt: 'emma', maxLength: 4 })).toThrow(
    '--max-length must be above the 4 tokens of the prompt, which are part of a line; got 4; raise it',
  );
  saved.model.dispose();
});

describe('an end', () => {
  const saved = (): ReturnType<typeof modelOf> => modelOf('mlp', 'blocks');
  it('that is a text ends what is drawn, isn’t part of it, and is never shown in part', () => {
    const { model, ...rest } = saved();
    const plan = planTexts({ model, ...rest }, { maxLength: 300 });
    const [{ text: endless }] = drawTexts(plan, { count: 1, generator: seeded(), compile });
    const end = endless.slice(100, 103);
    const ended = planTexts({ model, ...rest }, { maxLength: 300, end });
    const expected = endless.slice(0, endless.indexOf(end));
    const [{ text }] = drawTexts(ended, { count: 1, generator: seeded(), compile });
    expect(text).toBe(expected);
    const parts = [...drawText(ended, { generator: seeded(), compile })];
    expect(parts.map((part) => part.text).join('')).toBe(expected);
    expect(parts.length).toBe(expected.length + 3);
    model.dispose();
  });
  it('may be the model’s own, by its symbol, or none', () => {
    const lines = modelOf('mlp', 'lines');
    expect(planTexts(lines).endToken).toBe(0);
    expect(planTexts(lines, { end: '.' }).endToken).toBe(0);
    expect(planTexts(lines, { end: 'none' }).endToken).toBe('none');
    expect(planTexts(lines, { end: 'a' })).toMatchObject({ endToken: 0, ending: { text: 'a' } });
    lines.model.dispose();
  });
});

it('a character of several bytes is shown once it is whole, its tokens as bytes', () => {
  const tokenizer = new BytesTokenizer({ padding: false });
  const saved = modelOf('gpt', 'blocks', { tokenizer });
  const plan = planTexts(saved, { prompt: 'é', maxLength: 60 });
  const [{ text, tokens }] = drawTexts(plan, { count: 1, generator: seeded(), compile });
  const parts = [...drawText(plan, { generator: seeded(), compile })];
  expect(plan.prompt + parts.map((part) => part.text).join('')).toBe(text);
  expect(tokens.join('')).toMatch(/<0x[89A-F][\dA-F]>/);
  expect(parts.flatMap(({ drawn }) => drawn?.written ?? [])).toEqual(tokens);
  saved.model.dispose();
});
