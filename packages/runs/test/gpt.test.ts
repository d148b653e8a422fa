// The kind gpt: what its settings make, and what it learns from.
import { evaluate } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  modelConfigOf,
  parameterCount,
  resolveSettings,
  runTraining,
  type Settings,
} from '../src/index.js';
import { gpt } from '../src/models/gpt.js';
import { prepareData } from '../src/text/prepare-data.js';
import { Run } from '../src/run.js';

beforeAll(() => startBackend());

const settingsOf = (flags: Readonly<Record<string, unknown>>): Settings =>
  resolveSettings({ flags: { model: 'gpt', ...flags } });
const small = { contextSize: 8, dEmbed: 8, layers: 1, heads: 2, valInterval: 0, sampleInterval: 0 };

/** A text that isn't read from anywhere. */
const loaded = (text: string) => ({
  name: 'a text',
  text,
  sha256: '0'.repeat(64),
  characters: text.length,
  bytes: text.length,
  replaced: 0,
});

describe('the settings of gpt', () => {
  it('are sizes that learn by default', () => {
    const { dEmbed, contextSize, optimizer, lr } = settingsOf({});
    expect({ dEmbed, contextSize, optimizer, lr }).toEqual({
      dEmbed: 64,
      contextSize: 64,
      optimizer: 'adamw',
      lr: 0.001,
    });
    expect(settingsOf({ dEmbed: 32, optimizer: 'sgd' })).toMatchObject({
      dEmbed: 32,
      optimizer: 'sgd',
    });
  });
  it('say where there are biases and dropout', () => {
    const config = (flags: Readonly<Record<string, unknown>>) =>
      modelConfigOf(settingsOf(flags), 27);
    const flags = { bias: 'feed-forward,head', tiedHead: false, dropout: 0.2 };
    expect(config({ ...flags, dropoutAt: 'attention' })).toMatchObject({
      bias: { attention: false, feedForward: true, norm: false, head: true },
      dropout: { embedding: 0, attention: 0.2, residual: 0, feedForward: 0 },
      hidden: 256,
      separated: true,
    });
    expect(config({ dropout: 0.1 })).toMatchObject({
      bias: { attention: true, feedForward: true, norm: true, head: false },
      dropout: { embedding: 0.1, attention: 0.1, residual: 0.1, feedForward: 0.1 },
    });
    expect(config({ bias: 'none', activation: 'swiglu', examples: 'blocks' })).toMatchObject({
      bias: { attention: false, feedForward: false, norm: false, head: false },
      hidden: 176,
      separated: false,
    });
  });
  it.each([
    [{ bias: 'feed-forward, norm' }, /^--bias must be all, none or some of attention,feed-forward/],
    [
      { activation: 'relu' },
      /^--activation of gpt must be gelu, gelu-tanh, swiglu or squared-relu/,
    ],
    [{ heads: 0 }, /^--heads must be a whole number from 1 to 1024; got 0/],
  ])('refuse %o', (flags, message) => {
    expect(() => settingsOf(flags)).toThrow(message);
  });
  it.each([
    [{ heads: 3 }, '--heads of gpt must divide --d-embed, 64; got 3'],
    [{ heads: 4, kvHeads: 3 }, '--kv-heads must divide --heads, 4; got 3'],
    [
      { dEmbed: 12, positions: 'rotary' },
      '--positions rotary needs heads of an even width; got 3, --d-embed 12 by --heads 4',
    ],
    [
      { bias: 'all' },
      '--bias with head needs a head of its own; got all; pass --no-tied-head too, or leave the head out',
    ],
  ])('refuse what does not fit together, before a text is read: %o', (flags, message) => {
    expect(() => settingsOf(flags)).toThrow(message);
  });
  it("have presets that are nanoGPT's and the course's, and some with blocks as they are built now", () => {
    const of = (preset: string, vocabSize: number) =>
      modelConfigOf(resolveSettings({ flags: { preset } }), vocabSize);
    expect(of('shakespeare-char', 65)).toMatchObject({
      channels: 128,
      layers: 4,
      hidden: 512,
      tiedHead: true,
      bias: { attention: false, feedForward: false, norm: false, head: false },
      separated: false,
    });
    expect(of('course-gpt-small', 71)).toMatchObject({
      contextSize: 256,
      channels: 128,
      projections: 'separate',
      tiedHead: false,
      bias: { attention: false, feedForward: true, norm: true, head: false },
      dropout: { embedding: 0, attention: 0.1, residual: 0, feedForward: 0.1 },
    });
    expect(parameterCount(of('shakespeare', 65))).toBe(796_160);
    expect(parameterCount(of('names-gpt', 27))).toBe(151_456);
    expect(parameterCount(of('names-gpt-small', 27))).toBe(102_144);
  });
});

describe('a GPT by name', () => {
  const names = Array.from({ length: 60 }, (_, i) =>
    'abcdefgh'.slice(i % 5, (i % 5) + 3 + (i % 2)),
  );

  it('learns from lines, packed side by side', async () => {
    const settings = settingsOf({
      ...small,
      alphabet: 'auto',
      packedSize: 16,
      maxSteps: 30,
      lr: 0.01,
    });
    const run = await runTraining(settings, {
      compile,
      loadText: async () => loaded(names.join('\n')),
      samples: 2,
    });
    expect(run.evaluation.loss).toBeLessThan(1.6); // that of guessing is 2.2
    expect(run.samples).toHaveLength(2);
  });

  it('scores each token of lines once, however long they are for its context', async () => {
    const lines = [...names, 'abcdefghabcdefghabcdefgh', 'hgfedcba', 'aaaaaaaaaaaaaaaaaaaaaaa'];
    const text = loaded(lines.join('\n'));
    const count = lines.reduce((sum, line) => sum + line.length + 1, 0);
    for (const contextSize of [2, 8, 32]) {
      const settings = settingsOf({ ...small, contextSize, packedSize: 40, alphabet: 'auto' });
      const data = await prepareData(settings, text);
      const run = new Run(settings, data, compile);
      const parts = data.examples === 'lines' ? [data.train, data.val] : [];
      let scored = 0;
      for (const part of parts) {
        const validation = gpt.examples.every(part, { tokenizer: data.tokenizer, contextSize });
        const { examples, loss } = await evaluate(run.trained, validation, { compile });
        expect(loss).toBeGreaterThan(1);
        scored += examples;
      }
      expect(scored).toBe(count);
      run.dispose();
    }
  });

  it('learns from lines that are longer than its context', async () => {
    const lines = Array.from({ length: 30 }, (_, i) => 'abcdefgh'.repeat(3).slice(i % 8));
    const settings = settingsOf({ ...small, alphabet: 'auto', maxSteps: 40, lr: 0.01 });
    const run = await runTraining(settings, {
      compile,
      loadText: async () => loaded(lines.join('\n')),
      samples: 1,
    });
    expect(run.evaluation.loss).toBeLessThan(1); // what follows a letter is the next one
  });

  it('learns from blocks', async () => {
    const settings = settingsOf({
      ...small,
      examples: 'blocks',
      alphabet: 'auto',
      maxSteps: 40,
      lr: 0.01,
      positions: 'rotary',
      norm: 'rms',
      activation: 'swiglu',
      bias: 'none',
    });
    const run = await runTraining(settings, {
      compile,
      loadText: async () => loaded('abcdefgh\n'.repeat(40)),
      samples: 1,
    });
    expect(run.evaluation.loss).toBeLessThan(1);
  });
});
