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

it('draws no embedding that would take minutes', () => {
  const model = (V: number, C: number, value = 0): Uint8Array =>
    writeSafetensors(
      {
        'embedding.weight': {
          dtype: 'F32',
          shape: [V, C],
          data: new Float32Array(V * C).fill(value),
        },
      },
      { tokenizer: JSON.stringify({ padding: '.', alphabet: 'ab' }) },
    );
  expect(parseModel(model(3, 2)).embedding?.symbols).toEqual(['.', 'a', 'b']);
  for (const [V, C, value] of [
    [10_001, 2, 0],
    [3, 257, 0],
    [3, 2, NaN],
  ]) {
    const { parameterCount, embedding } = parseModel(model(V, C, value));
    expect([parameterCount, embedding]).toEqual([V * C, undefined]);
  }
});
