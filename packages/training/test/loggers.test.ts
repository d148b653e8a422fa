// The files that loggers write, read back.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { distributionOf, nonFatal, type TrainingEvent } from '../src/index.js';
import {
  csvFile,
  metricsFile,
  samplesFile,
  statisticsFile,
  tensorboardFile,
} from '../src/node/index.js';
import { LogFile } from '../src/node/log-file.js';
import { crc32c } from '../src/node/tensorboard/tf-record.js';
import { fieldsOf, readRecords } from './tf-events.js';

const folder = mkdtempSync(join(tmpdir(), 'llm101-loggers-'));
afterAll(() => rmSync(folder, { recursive: true }));

const log = (step: number, valLoss?: number): TrainingEvent => ({
  type: 'log',
  metrics: {
    step,
    trainLoss: 2.5,
    batchLoss: 2.4,
    ...(valLoss !== undefined && { valLoss }),
    stepsPerSecond: 10,
    learningRate: 0.1,
  },
});
const samples = (step: number): TrainingEvent => ({ type: 'samples', step, texts: ['ana', 'l|o'] });
const values = distributionOf(Float32Array.of(-1, 0, 3));
const gradient = distributionOf(Float32Array.of(0.5, 0.5, 0));
const watch: TrainingEvent = {
  type: 'watch',
  step: 4,
  parameters: [
    { name: 'linear.weight', shape: [3], values, gradient },
    { name: 'unused', shape: [3], values, gradient: undefined },
  ],
};
const events: TrainingEvent[] = [
  { type: 'start', step: 0, maxSteps: 10, config: { model: 'mlp', alphabet: 'a|b', seed: 101 } },
  { type: 'step', step: 1, batchLoss: 2, trainLoss: 2 },
  watch,
  samples(4),
  log(4),
  log(8, 2.25),
  { type: 'end', step: 8, reason: 'stopped' },
];

describe('csvFile', () => {
  it('writes a row for each log event below the names', () => {
    const path = join(folder, 'metrics.csv');
    const listener = csvFile(path);
    for (const event of events) listener(event);
    expect(readFileSync(path, 'utf8')).toBe(
      'step,trainLoss,batchLoss,valLoss,stepsPerSecond,learningRate,trainEstimate,valAnswerAccuracy\n4,2.5,2.4,,10,0.1,,\n8,2.5,2.4,2.25,10,0.1,,\n',
    );
  });
});

describe('samplesFile', () => {
  it('writes a line for each draw', () => {
    const path = join(folder, 'samples.jsonl');
    const listener = samplesFile(path);
    for (const event of events) listener(event);
    expect(readFileSync(path, 'utf8')).toBe('{"step":4,"texts":["ana","l|o"]}\n');
  });
});

describe('statisticsFile', () => {
  it('writes joint norms and distributions by name', () => {
    const path = join(folder, 'statistics.jsonl');
    const listener = statisticsFile(path);
    for (const event of events) listener(event);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      step: 4,
      parameterNorm: Math.sqrt(2 * values.norm ** 2),
      gradientNorm: gradient.norm,
      parameters: {
        'linear.weight': { shape: [3], values, gradient },
        unused: { shape: [3], values },
      },
    });
  });
});

describe('a resumed run', () => {
  it.each([
    ['csv', csvFile],
    ['jsonl', metricsFile],
  ])('keeps whole lines up to its step: %s', (kind, open) => {
    const path = join(folder, `resumed.${kind}`);
    const straight = join(folder, `straight.${kind}`);
    const first = open(path);
    for (const step of [2, 4, 6]) first(log(step));
    writeFileSync(path, '{"step":8,"trai', { flag: 'a' }); // the process was killed
    const second = open(path, { resumedAt: 4 });
    second(log(6, 2));
    const whole = open(straight);
    for (const event of [log(2), log(4), log(6, 2)]) whole(event);
    expect(readFileSync(path, 'utf8')).toBe(readFileSync(straight, 'utf8'));
  });
  it('begins where there is no file', () => {
    const path = join(folder, 'new.jsonl');
    samplesFile(path, { resumedAt: 3 })(samples(4));
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(2);
  });
});

describe('LogFile', () => {
  it('fails without a folder', () => {
    expect(() => new LogFile(join(folder, 'missing', 'log'), '')).toThrow('ENOENT');
  });
  it('grows after it was closed, too', () => {
    const path = join(folder, 'log');
    const file = new LogFile(path, 'head\n');
    for (const line of ['1\n', '2\n']) {
      file.append(line);
      file.close();
    }
    file.close();
    expect(readFileSync(path, 'utf8')).toBe('head\n1\n2\n');
  });
  it.skipIf(!existsSync('/dev/full'))('says that the disk is full, and training continues', () => {
    const errors: unknown[] = [];
    const listener = nonFatal(
      () => metricsFile('/dev/full'),
      (error) => errors.push(error),
    );
    for (const event of events) listener(event);
    expect(errors).toEqual([expect.objectContaining({ code: 'ENOSPC' })]);
  });
});

describe('tensorboardFile', () => {
  const play = (): ReturnType<typeof readRecords> => {
    const path = mkdtempSync(join(folder, 'tensorboard-'));
    let nowMs = 1_700_000_000_000;
    const listener = tensorboardFile(join(path, 'logs'), { now: () => (nowMs += 500) });
    for (const event of events) listener(event);
    const [name] = readdirSync(join(path, 'logs'));
    expect(name).toMatch(/^events\.out\.tfevents\.1700000000\./);
    return readRecords(readFileSync(join(path, 'logs', name)));
  };

  it('begins with its version, then has an event with the time for each of the run', () => {
    const [version, ...rest] = play().map(fieldsOf);
    expect(version.string(3)).toBe('brain.Event:2');
    expect(version.double(1)).toBe(1_700_000_000.5);
    expect(rest.map((event) => [event.double(1), event.int(2)])).toEqual([
      [1_700_000_001, 0],
      [1_700_000_001.5, 0],
      [1_700_000_002, 4],
      [1_700_000_002.5, 4],
      [1_700_000_003, 4],
      [1_700_000_003.5, 8],
      [1_700_000_004, 8],
    ]);
    expect(rest[0].message(7).int(1)).toBe(1); // SessionLog's START
  });
  it('takes back the steps that a resumed run does again', () => {
    const path = mkdtempSync(join(folder, 'tensorboard-'));
    tensorboardFile(path)({ type: 'start', step: 400, maxSteps: 1000 });
    const [, start] = readRecords(readFileSync(join(path, readdirSync(path)[0]))).map(fieldsOf);
    expect([start.int(2), start.message(7).int(1)]).toEqual([401, 1]);
  });
  it('holds every figure of a log event under its name', () => {
    const last = fieldsOf(play()[6]).message(5);
    const figures = last.messages(1).map((value) => [value.string(1), value.float(2)]);
    expect(figures).toEqual([
      ['trainLoss', 2.5],
      ['batchLoss', Math.fround(2.4)],
      ['valLoss', 2.25],
      ['stepsPerSecond', 10],
      ['learningRate', Math.fround(0.1)],
    ]);
  });
  it('holds the losses of both parts under one name, in folders of their own', () => {
    const path = mkdtempSync(join(folder, 'tensorboard-'));
    const listener = tensorboardFile(path);
    for (const event of events) listener(event);
    const lossesIn = (part: string): unknown => {
      const [name] = readdirSync(join(path, part));
      const [version, start, ...rest] = readRecords(readFileSync(join(path, part, name)));
      expect(fieldsOf(version).string(3)).toBe('brain.Event:2');
      expect(fieldsOf(start).message(7).int(1)).toBe(1);
      return rest.map(fieldsOf).map((event) => {
        const value = event.message(5).message(1);
        return [event.int(2), value.string(1), value.float(2)];
      });
    };
    expect(lossesIn('train')).toEqual([
      [4, 'loss', 2.5],
      [8, 'loss', 2.5],
    ]);
    expect(lossesIn('validation')).toEqual([[8, 'loss', 2.25]]);
  });
  it('tells the HParams plugin the settings, and how the run ended', () => {
    const records = play().map(fieldsOf);
    const [, experiment, session] = records[2].message(5).messages(1);
    const [end] = records.at(-1)?.message(5).messages(1) ?? [];
    const contents = [experiment, session, end].map((value) => {
      const plugin = value.message(9).message(1);
      expect(plugin.string(1)).toBe('hparams');
      return plugin.message(2);
    });
    expect([experiment, session, end].map((value) => value.string(1))).toEqual([
      '_hparams_/experiment',
      '_hparams_/session_start_info',
      '_hparams_/session_end_info',
    ]);
    const columns = contents[0].message(2).messages(4);
    expect(columns.map((column) => [column.string(1), column.int(4)])).toEqual([
      ['model', 1],
      ['alphabet', 1],
      ['seed', 3],
    ]);
    const values = contents[1].message(3).messages(1);
    expect(values[0].message(2).string(3)).toBe('mlp');
    expect(values[2].message(2).double(2)).toBe(101);
    expect(contents[2].message(4).int(1)).toBe(1); // it didn't fail
  });
  it('holds histograms of parameters and gradients', () => {
    const watched = fieldsOf(play()[3]).message(5).messages(1);
    expect(watched.map((value) => value.string(1))).toEqual([
      'parameterNorm',
      'gradientNorm',
      'parameters/linear.weight',
      'gradients/linear.weight',
      'parameters/unused',
    ]);
    const histogram = watched[2].message(5);
    expect([1, 2, 3].map((field) => histogram.double(field))).toEqual([-1, 3, 3]);
    expect(histogram.double(4)).toBeCloseTo(2, 12);
    expect(histogram.double(5)).toBeCloseTo(10, 12);
    const limits = histogram.doubles(6);
    expect([limits.length, limits[0], limits[63]]).toEqual([64, -1 + 4 / 64, 3]);
    expect(histogram.doubles(7)).toEqual(values.counts);
  });
  it('holds texts for the text plugin', () => {
    const [config, sampled] = [play()[2], play()[4]].map((record) =>
      fieldsOf(record).message(5).message(1),
    );
    for (const value of [config, sampled]) {
      expect(value.message(9).message(1).string(1)).toBe('text');
      expect(value.message(8).int(1)).toBe(7); // DT_STRING
    }
    expect([config.string(1), sampled.string(1)]).toEqual([
      'config/text_summary',
      'samples/text_summary',
    ]);
    expect(config.message(8).string(8)).toBe(
      '| setting | value |\n| --- | --- |\n| model | mlp |\n| alphabet | a\\|b |\n| seed | 101 |',
    );
    expect(sampled.message(8).string(8)).toBe('    ana\n    l|o');
  });
  it('has the checksums of RFC 3720', () => {
    const vectors: [Uint8Array, number][] = [
      [new Uint8Array(32), 0x8a9136aa],
      [new Uint8Array(32).fill(0xff), 0x62a8ab43],
      [Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
      [Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
      [new TextEncoder().encode('123456789'), 0xe3069283],
    ];
    expect(vectors.map(([bytes]) => crc32c(bytes))).toEqual(vectors.map(([, crc]) => crc));
  });
});
