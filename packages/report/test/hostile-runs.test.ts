// The files of a run that somebody made: read within limits, drawn without a fault, or refused.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSafetensors } from '@llm101/safetensors';
import { expect, it, onTestFinished } from 'vitest';
import {
  parseMetrics,
  parseModel,
  parseSamples,
  parseStatistics,
  renderReport,
  RunFileError,
} from '../src/index.js';
import { readRun } from '../src/node/index.js';

function runFolder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const path = mkdtempSync(join(tmpdir(), 'llm101-report-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}

/** Objects that can't become a text or a number, under every name. */
const BAD = '{"toString":1,"valueOf":1}';

it('draws a run of odd values', async () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const folder = runFolder({
    'config.json': `{"maxSteps":${BAD},"model":${BAD},"data":[${BAD}],"seed":{"a":{"b":[1]}},"__proto__":{"x":1}}`,
    'metrics.jsonl': [
      '{"step":1,"trainLoss":2,"valLoss":1e999,"batchLoss":null}',
      `{"step":2,"trainLoss":${BAD}}`,
      `{"step":1e999,"trainLoss":1}`,
      '{"step":1e308,"trainLoss":-1e308,"learningRate":5e-324}',
      `{"step":3,"trainLoss":3,"x":${deep}}`,
      '{"step":4,"step":5,"trainLoss":3}',
    ].join('\n'),
    'samples.jsonl': `{"step":1,"texts":[${BAD},"a",[["b"]]]}\n{"step":2,"texts":${BAD}}`,
    'statistics.jsonl': `{"step":1,"parameterNorm":1,"gradientNorm":0,"parameters":{"__proto__":${BAD},"w":{"values":{"norm":${BAD}},"gradient":{"norm":[]}}}}`,
    'model.safetensors': 'no model',
  });
  const run = readRun(folder);
  expect(run.metrics.map(({ step }) => step)).toEqual([1, 1e308]);
  expect(run.samples.map(({ texts }) => texts)).toEqual([['a'], []]);
  expect(run.model).toBeUndefined();
  expect(await renderReport([run])).toContain('</html>');
  expect(await renderReport([run, run])).toContain('2 runs compared');
});

it('has limits for files, lines and their number', () => {
  expect(() => parseSamples('x'.repeat(20_000_001))).toThrow(RunFileError);
  expect(() => parseSamples('x'.repeat(20_000_001))).toThrow('line 1 has 20000001; take it out');
  expect(() => parseMetrics('\n'.repeat(2_000_001))).toThrow('a log may have 2000000 lines');
  expect(() => parseMetrics('{\n'.repeat(1001))).toThrow('may have 1000 lines that are no object');
  const folder = runFolder({ 'metrics.jsonl': '' });
  truncateSync(join(folder, 'metrics.jsonl'), 2 ** 40);
  expect(() => readRun(folder)).toThrow('may have 400,000,000 bytes; it has 1,099,511,627,776');
});

it.skipIf(process.platform === 'win32')('does not wait for a pipe', () => {
  const folder = runFolder({});
  spawnSync('mkfifo', [join(folder, 'metrics.jsonl')]);
  expect(() => readRun(folder)).toThrow('must be a file');
  const other = runFolder({});
  mkdirSync(join(other, 'config.json'));
  expect(() => readRun(other)).toThrow('must be a file');
});

/** A model's file with one matrix of equal values. */
const model = (
  shape: [number, number],
  { value = 0, name = 'embedding.weight' } = {},
): Uint8Array =>
  writeSafetensors(
    {
      'a.weight': { dtype: 'F32', shape: [3, 3], data: new Float32Array(9) },
      'positions.weight': { dtype: 'F32', shape: [3, 4], data: new Float32Array(12) },
      [name]: { dtype: 'F32', shape, data: new Float32Array(shape[0] * shape[1]).fill(value) },
    },
    { tokenizer: JSON.stringify({ padding: '.', alphabet: 'ab' }) },
  );

it('draws no embedding that would take minutes', () => {
  expect(parseModel(model([3, 2])).embedding?.symbols).toEqual(['.', 'a', 'b']);
  expect(parseModel(model([3, 500])).embedding?.vectors[2]).toHaveLength(500); // fewer rows than columns
  for (const [V, C, value] of [
    [10_001, 2, 0],
    [257, 257, 0],
    [3, 1, 0],
    [3, 2, NaN],
  ]) {
    const file = writeSafetensors({
      'embedding.weight': {
        dtype: 'F32',
        shape: [V, C],
        data: new Float32Array(V * C).fill(value),
      },
    });
    expect(parseModel(file)).toEqual({ parameterCount: V * C, embedding: undefined });
  }
});

it('finds an embedding under any name', () => {
  for (const name of [
    'transformer.wte.weight',
    'token_embedding.weight',
    'model.embed_tokens.weight',
    'C.embedding',
  ]) {
    expect(parseModel(model([3, 2], { name })).embedding?.name).toBe(name);
  }
  // One with an unknown token more; a matrix of a row for each token, where none is called an embedding.
  expect(parseModel(model([4, 2])).embedding?.symbols).toEqual(['.', 'a', 'b', '?']);
  expect(parseModel(model([5, 2], { name: 'other' })).embedding?.name).toBe('a.weight');
});

it('names tokens by their numbers where it doesn’t know the tokenizer', () => {
  const tensors = {
    wte: { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
  } as const;
  for (const tokenizer of ['{"type":"Other"}', '{"alphabet":[1]}', 'no JSON']) {
    expect(parseModel(writeSafetensors(tensors, { tokenizer })).embedding?.symbols).toEqual([
      '0',
      '1',
    ]);
  }
  const special = JSON.stringify({ special: ['<s>', '<e>'], padding: '<s>', alphabet: ['a'] });
  const vocab = { '<|endoftext|>': 0, Ġa: 2, b: 1 };
  const bpe = JSON.stringify({ type: 'BpeTokenizer', tokenizer: { model: { vocab } } });
  const bytes = JSON.stringify({ type: 'BytesTokenizer', padding: '.' });
  const all = {
    wte: { dtype: 'F32', shape: [257, 2], data: new Float32Array(514) },
  } as const;
  const three = { wte: { dtype: 'F32', shape: [3, 2], data: new Float32Array(6) } } as const;
  expect(parseModel(writeSafetensors(three, { tokenizer: special })).embedding?.symbols).toEqual([
    '<s>',
    '<e>',
    'a',
  ]);
  expect(parseModel(writeSafetensors(three, { tokenizer: bpe })).embedding?.symbols).toEqual([
    '<|endoftext|>',
    'b',
    ' a',
  ]);
  const named = parseModel(writeSafetensors(all, { tokenizer: bytes })).embedding?.symbols;
  expect([named?.length, named?.[0], named?.[1], named?.[98]]).toEqual([257, '.', '00', 'a']);
});

it('reads histograms of the last line alone, and only what is one', () => {
  const line = (step: number, values: object): string =>
    JSON.stringify({ step, parameterNorm: 1, gradientNorm: 1, parameters: { w: { values } } });
  const good = { norm: 1, minimum: -1, maximum: 1, counts: [1, 2] };
  const [first, last] = parseStatistics(`${line(1, good)}\n${line(2, good)}`);
  expect(first.parameters['w'].histograms).toBeUndefined();
  expect(last.parameters['w'].histograms).toEqual({
    values: { counts: [1, 2], edges: [-1, 0, 1] },
  });
  for (const bad of [
    { ...good, counts: [] },
    { ...good, counts: [1, -1] },
    { ...good, counts: [1, 'x'] },
    { ...good, counts: Array.from({ length: 1001 }, () => 1) },
    { ...good, minimum: 2 },
    { ...good, maximum: '1' },
    { ...good, minimum: 1, maximum: 1 + 2e-16 },
  ]) {
    expect(parseStatistics(line(1, bad))[0].parameters['w'].histograms).toBeUndefined();
  }
});
