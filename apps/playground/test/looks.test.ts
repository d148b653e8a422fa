// What the page is told of a run's inside, held against the packages' own.
import {
  activationTree,
  attentionWeights,
  Bigram,
  CNN,
  recurrentStates,
  RecurrentNetwork,
  WaveNet,
} from '@llm101/models';
import { prepareData, resolveSettings, Run, weightsSha256 } from '@llm101/runs';
import { loadText } from '@llm101/data';
import { evaluate, watchActivations, watchParameters } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RequestName, Requests } from '../src/protocol.js';
import { answer } from '../src/worker/requests/index.js';

beforeAll(() => startBackend());

const SHORT = { maxSteps: 20, valInterval: 0, sampleInterval: 0 } as const;

async function trained(
  flags: Record<string, string | number>,
  look?: (run: Run) => Promise<void>,
): Promise<Run> {
  const settings = resolveSettings({ flags: { ...SHORT, ...flags } });
  const run = new Run(settings, await prepareData(settings, await loadText('names')), compile);
  await run.train(look === undefined ? {} : { between: () => look(run) });
  return run;
}

const job = { signal: new AbortController().signal, tell: () => {} };

/** Asks as the page does. */
async function ask<Name extends RequestName>(
  run: Run,
  name: Name,
  input: Requests[Name]['input'],
): Promise<Requests[Name]['output']> {
  const { output } = await answer(run, { name, input }, job);
  return output as Requests[Name]['output'];
}

/** `.emma` as tokens: the beginning, and its letters. */
const EMMA = [0, 5, 13, 13, 1];

describe('what is seen of a line', () => {
  it('is a window for each position of a CNN, and a tree of it', async () => {
    const run = await trained({ model: 'cnn' });
    const seen = await ask(run, 'seen', { line: 'emma' });
    expect(seen.texts).toEqual(['.', 'e', 'm', 'm', 'a']);
    expect(seen.positions[2].seen.join('')).toBe('.'.repeat(14) + 'em');
    expect(seen.positions.map(({ target }) => target)).toEqual(['e', 'm', 'm', 'a', '.']);
    const at = { level: 4, node: 0, channel: 3 };
    const tree = await ask(run, 'tree', { line: 'emma', row: 4, at });
    expect(tree.levels.map(({ nodes }) => nodes)).toEqual([16, 8, 4, 2, 1]);
    if (!(run.model instanceof CNN)) throw new Error('no CNN');
    const window = [...Array.from({ length: 11 }, () => 0), ...EMMA];
    const own = activationTree(run.model, [window]).levels[4].values;
    expect(tree.levels[4].values.slice(-own.length)).toEqual(own);
    expect(tree.arithmetic?.value).toBe(own[3]);
    expect(tree.arithmetic?.sums[0].terms).toHaveLength(2 * 64);
    run.dispose();
  });

  it('is a row of a WaveNet, whose nodes look back', async () => {
    const run = await trained({ model: 'wavenet' });
    const at = { level: 1, node: 4, channel: 0 };
    const tree = await ask(run, 'tree', { line: 'emma', row: 0, at });
    if (!(run.model instanceof WaveNet)) throw new Error('no WaveNet');
    const own = activationTree(run.model, [EMMA]);
    expect(tree.levels.map(({ values }) => values)).toEqual(own.levels.map(({ values }) => values));
    expect(tree.levels[2].reads).toEqual(own.levels[2].reads);
    expect(tree.arithmetic?.sums).toHaveLength(2);
    run.dispose();
  });

  it('is in an MLP what each position adds to each unit', async () => {
    const run = await trained({ model: 'mlp' });
    const at = { level: 1, node: 0, channel: 7 };
    const tree = await ask(run, 'tree', { line: 'emma', row: 4, at });
    const { connections = new Float32Array(), arithmetic } = tree;
    const H = connections.length / 16;
    const parts = Array.from({ length: 16 }, (_, t) => connections[t * H + 7]);
    const bias = arithmetic?.sums[0].bias ?? NaN;
    expect(parts.reduce((sum, part) => sum + part, bias)).toBeCloseTo(
      arithmetic?.sums[0].sum ?? NaN,
      5,
    );
    run.dispose();
  });

  it('is attention by layer and head, of a GPT and of a MEGABYTE', async () => {
    for (const model of ['gpt', 'megabyte']) {
      const sizes = { model, contextSize: 16, dEmbed: 16, heads: 2, layers: 2 };
      const run = await trained({ ...sizes, maxSteps: 2 });
      const maps = await ask(run, 'attention', { line: 'emma', position: 4 });
      const tokens = model === 'gpt' ? EMMA : [...Array.from({ length: 11 }, () => 0), ...EMMA];
      const own = attentionWeights(run.model, tokens);
      expect(maps).toHaveLength(own.length);
      for (const [i, { heads, labels, values }] of maps.entries()) {
        expect([heads, labels.length]).toEqual([own[i].length, own[i][0].length]);
        expect([...values]).toEqual(own[i].flat().flatMap((row) => Array.from(row)));
      }
      run.dispose();
    }
  });

  it('is the state of a GRU and of an LSTM, and their gates', async () => {
    for (const model of ['gru', 'lstm']) {
      const run = await trained({ model, maxSteps: 2 });
      const { texts, layers } = await ask(run, 'states', { line: 'emma' });
      if (!(run.model instanceof RecurrentNetwork)) throw new Error('no recurrent network');
      expect(texts.join('')).toBe('.emma');
      const [own] = recurrentStates(run.model, EMMA);
      expect(layers[0].cell).toBe(model);
      expect(new Map(layers[0].values.map(({ name, values }) => [name, values]))).toEqual(
        own.values,
      );
      run.dispose();
    }
  });

  it('is a table of pairs, of a bigram', async () => {
    const run = await trained({ model: 'bigram' });
    const { symbols, probabilities } = await ask(run, 'table', undefined);
    if (!(run.model instanceof Bigram)) throw new Error('no bigram');
    expect(symbols).toHaveLength(27);
    const seen = await ask(run, 'seen', { line: 'emma' });
    expect(seen.positions[3].seen).toEqual(['m']);
    expect(seen.positions[1].probability).toBeCloseTo(probabilities[5 * 27 + 13], 7);
    run.dispose();
  });

  it('is a stretch of a text, of a model of blocks, and of a long one the end', async () => {
    for (const [model, most] of [
      ['mlp', 64],
      ['gpt', 16],
    ] as const) {
      const run = await trained({ model, examples: 'blocks', contextSize: 16, maxSteps: 1 });
      const { texts, positions, isCut } = await ask(run, 'seen', { line: 'emma' });
      expect(texts).toEqual(['\n', 'e', 'm', 'm', 'a']);
      expect(positions[4].target).toBeUndefined();
      expect(positions[4].guesses).toHaveLength(5);
      expect(isCut).toBe(false);
      const long = await ask(run, 'seen', { line: `b${'ab'.repeat(50)}` });
      expect(long.texts).toHaveLength(most);
      expect(long.isCut).toBe(true);
      expect(long.positions[most - 1].seen.join('')).toBe('ab'.repeat(8));
      expect((await ask(run, 'batch', undefined)).rows[0].targets).toHaveLength(
        model === 'gpt' ? 16 : 1,
      );
      run.dispose();
    }
  });

  it('is refused where it has a character that the model doesn’t know', async () => {
    const run = await trained({ model: 'bigram', maxSteps: 1 });
    await expect(ask(run, 'seen', { line: 'Émma' })).rejects.toThrow(/the line must be made of/);
    await expect(ask(run, 'tree', { line: 'emma', row: 0, at: undefined })).rejects.toThrow(
      'a tree is of cnn, wavenet or mlp; got bigram',
    );
    run.dispose();
  });
});

describe('what is seen of a run', () => {
  it.each([
    { model: 'mlp', dropout: 0.2 },
    { model: 'wavenet', dropout: 0.2 },
    { model: 'gpt', dropout: 0.1, layers: 1, heads: 2, dEmbed: 16 },
    { model: 'gru', dropout: 0.2 },
  ])('is looked at while it trains, without another byte: %o', async ({ model, ...more }) => {
    const flags = { model, ...more, maxSteps: 6 };
    const plain = await trained(flags);
    let looks = 0;
    const seen = await trained(flags, async (run) => {
      looks += 1;
      await ask(run, 'seen', { line: 'emma' });
      await ask(run, 'activity', undefined);
      await ask(run, 'batch', undefined);
      await ask(run, 'embedding', { table: undefined });
      await ask(run, 'weights', { name: undefined });
      if (model === 'gru') await ask(run, 'states', { line: 'emma' });
      else if (model === 'gpt') await ask(run, 'attention', { line: 'emma', position: 2 });
      else await ask(run, 'tree', { line: 'emma', row: 0, at: undefined });
    });
    expect(looks).toBe(6);
    expect(weightsSha256(seen.model)).toBe(weightsSha256(plain.model));
    plain.dispose();
    seen.dispose();
  });

  it('is the batch that comes next, and what layers do on it', async () => {
    const run = await trained({ model: 'mlp' });
    const next = run.batches.peek();
    const { size, contextSize, loss, rows } = await ask(run, 'batch', undefined);
    expect([size, contextSize]).toEqual([32, 16]);
    expect(loss).toBeCloseTo((await evaluate(run.trained, [next])).loss, 5);
    expect(rows[0].tokens.join('')).toBe(run.data.tokenizer.decode(next.inputs.subarray(0, 16)));
    const { activations, parameters } = await ask(run, 'activity', undefined);
    const options = { histogram: { bins: 48 } };
    expect(activations).toEqual(watchActivations(run.trained, options).look(next));
    const watch = watchParameters(run.trained);
    expect(parameters).toEqual(watch.look(next));
    watch.dispose();
    expect(run.batches.peek()).toEqual(next);
    run.dispose();
  });

  it('is its weights, of a convolution position by position', async () => {
    const run = await trained({ model: 'cnn' });
    const found = await ask(run, 'weights', { name: 'layers.0.weight' });
    const own = run.model.namedParameters().get('layers.0.weight');
    expect(found.tensors.map(({ name }) => name)).toEqual([...run.model.namedParameters().keys()]);
    const [out, inputs, k] = own?.shape ?? [];
    expect([found.rows, found.columns]).toEqual([out, inputs * k]);
    const all = own?.dataSync() ?? [];
    for (const [o, i, tap] of [
      [0, 0, 0],
      [3, 5, 1],
      [63, 7, 0],
    ]) {
      expect(found.values[o * inputs * k + tap * inputs + i]).toBe(all[(o * inputs + i) * k + tap]);
    }
    run.dispose();
  });

  it('is an embedding for each kind, in two directions', async () => {
    for (const flags of [
      { model: 'mlp' },
      { model: 'gpt' },
      { model: 'gru' },
      { model: 'bigram' },
      { model: 'wavenet' },
      { model: 'megabyte' },
    ]) {
      const run = await trained({ ...flags, maxSteps: 1 });
      const { symbols, points, explained } = await ask(run, 'embedding', { table: undefined });
      expect([symbols.length, points.length]).toEqual([27, 27]);
      expect(explained[0]).toBeGreaterThanOrEqual(explained[1]);
      run.dispose();
    }
  });
});
