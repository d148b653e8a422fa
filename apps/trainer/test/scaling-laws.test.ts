// `llm101 scaling-laws`: where its runs come from, and what it answers. documents.test.ts runs it as a command.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { resolveSettings, trainingCost } from '@llm101/runs';
import { writeSafetensors } from '@llm101/safetensors';
import { chinchillaPath } from '@tools/testing';
import { describe, expect, it } from 'vitest';
import { readPoints } from '../src/commands/scaling-laws/read-points.js';
import { runTrial } from '../src/commands/train/run-trial.js';
import { scalingLawsCommand } from '../src/commands/scaling-laws/scaling-laws.js';
import { silentOutput } from '../src/terminal/output.js';
import { emptyFolder } from './llm101.js';

const output = silentOutput(() => undefined);

const model = { type: 'mlp', vocabSize: 27, contextSize: 4, dEmbed: 2, dHidden: 8 } as const;

/** A run folder with what is read of it. */
function makeRun(folder: string, { step, valLoss }: { step: number; valLoss?: number }): void {
  mkdirSync(folder, { recursive: true });
  const { type, vocabSize: _, ...sizes } = model;
  const config = { model: type, ...sizes, versions: { llm101: '0.1.0' } };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  writeFileSync(
    join(folder, 'metrics.jsonl'),
    `${JSON.stringify({ step, trainLoss: 3, batchLoss: 3, stepsPerSecond: 1, learningRate: 1, valLoss })}\n`,
  );
  writeFileSync(
    join(folder, 'model.safetensors'),
    writeSafetensors({}, { model: JSON.stringify(model) }),
  );
}

describe('runs of folders', () => {
  it('have their counted parameters, tokens and FLOP, and the last validation', () => {
    const cwd = emptyFolder();
    makeRun(join(cwd, 'runs', 'a'), { step: 50, valLoss: 2.5 });
    makeRun(join(cwd, 'runs', 'b'), { step: 70 });
    const { points, isCounted, folder } = readPoints([join(cwd, 'runs')], { output });
    const settings = resolveSettings({ flags: { contextSize: 4, dEmbed: 2, dHidden: 8 } });
    const config = { ...model, activation: 'relu', bias: true, batchNorm: false } as const;
    const rest = { layerNorm: false, residual: false, dropout: 0, init: 'pytorch' } as const;
    const cost = trainingCost(settings, { ...config, ...rest }, { steps: 50 });
    const { nonEmbedding, ...own } = cost;
    expect(points).toEqual([{ name: 'a', ...own, loss: 2.5 }]);
    expect(own.tokens).toBe(50 * 32);
    expect([isCounted, folder]).toEqual([true, join(cwd, 'runs')]);
    const without = readPoints([join(cwd, 'runs')], { output, nonEmbedding: true }).points[0];
    expect(without.parameters).toBe(nonEmbedding);
    expect(own.parameters - nonEmbedding).toBe(27 * 2);
  });

  it('of a sweep have the results that it kept', () => {
    const cwd = emptyFolder();
    const sweep = { space: { lr: { choice: [0.1, 0.2] } }, seeds: 2, settings: { seed: 5 } };
    for (const name of ['0-seed-5', '0-seed-6', '1-seed-5', '1-seed-6'])
      makeRun(join(cwd, 'trials', name), { step: 90 });
    writeFileSync(join(cwd, 'sweep.json'), JSON.stringify(sweep));
    const result = { status: 'finished', weightsSha256: '0'.repeat(64) };
    writeFileSync(
      join(cwd, 'results.jsonl'),
      [
        { trial: 0, repetition: 0, step: 100, value: 2.25, ...result },
        { trial: 0, repetition: 1, step: 40, value: 2.75, ...result },
        { trial: 1, repetition: 0, step: 0, status: 'failed', error: 'no' },
        { trial: 1, repetition: 1, step: 30, value: 2.5, ...result, status: 'paused' },
      ]
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
    );
    for (const folder of [cwd, join(cwd, 'trials'), join(cwd, '..', basename(cwd))]) {
      const { points } = readPoints([folder], { output });
      expect(points.map(({ loss, tokens }) => [loss, tokens])).toEqual([
        [2.25, 3200],
        [2.75, 1280],
      ]);
    }
  });

  it.each([
    [
      ['nowhere'],
      {},
      'nowhere must be a sweep, a folder of runs, or a table: there is no such file',
    ],
    [['t.csv', 't.csv'], {}, 'there must be one table, or folders alone; got 2 sources'],
    [['t.csv'], { nonEmbedding: true }, '--non-embedding is for folders of runs; got a table'],
    [['t.csv'], { loss: 'x' }, 't.csv: there must be a column x; the columns are n, d, loss'],
    [['.'], { loss: 'x' }, '--loss names a column of a table; got folders'],
    [['bad.csv'], {}, 'bad.csv: line 2: d must be a number above 0'],
    [['binary.csv'], {}, 'binary.csv must be UTF-8'],
    [['empty.csv'], {}, 'empty.csv must have a row for each run; it has none'],
  ])('are refused: %j', (sources, flags, message) => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 't.csv'), 'n,d,loss\n1,2,3\n');
    writeFileSync(join(cwd, 'bad.csv'), 'n,d,loss\n1,,3\n');
    writeFileSync(join(cwd, 'binary.csv'), Uint8Array.of(0xff, 0xfe, 0xfd));
    writeFileSync(join(cwd, 'empty.csv'), 'n,d,loss\n');
    const paths = sources.map((source) => join(cwd, source));
    expect(() => readPoints(paths, { output, ...flags })).toThrow(message);
  });
});

interface Document {
  readonly runs: number;
  readonly law: Readonly<Record<string, number>>;
  readonly intervals: Readonly<Record<string, { low: number; high: number }>>;
  readonly best: readonly Readonly<Record<string, number>>[];
  readonly doubts: readonly string[];
  readonly powerLaws: readonly unknown[];
}

async function answer(
  sources: readonly string[],
  flags: Partial<Parameters<typeof scalingLawsCommand>[0]> = {},
): Promise<Document> {
  let document: object = {};
  const listening = silentOutput((found) => (document = found));
  const page = join(emptyFolder(), 'page.html');
  await scalingLawsCommand({ sources, page, output: listening, ...flags });
  expect(readFileSync(page, 'utf8')).toContain('<h2>Loss and compute</h2>');
  return document as Document;
}

const table = chinchillaPath();

it.skipIf(table === undefined)('fits a published table', async () => {
  const flags = { leaveOutHighest: 5, bootstrap: 40, budget: [1e20] };
  const { runs, law, intervals, best, doubts } = await answer([table ?? ''], flags);
  expect(runs).toBe(240);
  expect(law['E'].toFixed(5)).toBe('1.81722');
  expect(intervals['alpha'].low).toBeLessThan(0.3478);
  expect(best[0]['parameters'] * best[0]['tokens'] * 6).toBeCloseTo(1e20, -8);
  expect(doubts).toEqual([]);
  await expect(answer([table ?? ''], { leaveOutHighest: 245 })).rejects.toThrow(
    '--leave-out-highest must leave runs; got 245 of 245 runs',
  );
  await expect(answer([table ?? ''], { bootstrap: 5 })).rejects.toThrow(
    '--bootstrap must be 0, or a whole number from 20 on; got 5',
  );
});

it('says what few runs leave open, and fits what they decide', async () => {
  const path = join(emptyFolder(), 'few.csv');
  writeFileSync(path, 'n,d,loss\n1e6,1e8,3\n4e6,1e8,2.6\n2e7,1e8,2.3\n');
  const { law, doubts, best, powerLaws } = await answer([path]);
  expect(law).toBeUndefined();
  expect(best).toEqual([]);
  expect(doubts[0]).toContain('the runs decide no law of N and D: there must be 6 points or more');
  expect(powerLaws).toMatchObject([{ x: 'parameters' }, { x: 'flop' }]);
});

it('finds runs of a sweep whose trials have epochs', async () => {
  const cwd = emptyFolder();
  const data = join(cwd, 'text.txt');
  writeFileSync(data, 'to be or not to be that is the question\n'.repeat(30));
  const sizes = { model: 'mlp', contextSize: 4, dEmbed: 4, dHidden: 8 };
  const run = { data, examples: 'blocks', order: 'shuffled', batchSize: 64, valInterval: 1000 };
  const flags = { ...sizes, ...run, epochs: 1, trainShare: 0.5 };
  const runDir = join(cwd, 'trials', '0');
  const result = await runTrial(
    {
      runDir,
      settings: resolveSettings({ flags }),
      until: undefined,
      objective: 'valLoss',
      threads: 1,
      log: [],
      tracking: {},
      config: join(cwd, 'sweep.json'),
    },
    { signal: new AbortController().signal, report: () => undefined },
  );
  expect(result?.error).toBeUndefined();
  const steps = Math.ceil((0.5 * 0.9 * 1200 - 4) / 64); // windows of half of what isn't held out
  expect(result).toMatchObject({ status: 'finished', step: steps });
  const sweep = { space: { lr: { choice: [0.1] } }, settings: { seed: 101 } };
  writeFileSync(join(cwd, 'sweep.json'), JSON.stringify(sweep));
  writeFileSync(
    join(cwd, 'results.jsonl'),
    `${JSON.stringify({ trial: 0, repetition: 0, ...result })}\n`,
  );
  const { points } = readPoints([cwd], { output });
  expect(points).toMatchObject([{ tokens: 64 * steps, loss: result?.value }]);
});
