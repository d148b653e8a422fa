// Runs that are offline, as W&B's own client keeps them: the file is read back here by the definition of its format.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { expect, it, vi } from 'vitest';
import * as wandb from '../src/index.js';
import { encodeRecord, summaryRecord } from '../src/offline/records.js';
import { RecordLog } from '../src/offline/record-log.js';
import { begin, emptyFolder } from './runs.js';

/** The records of a log: LevelDB's, after W&B's seven bytes. */
function recordsIn(path: string): Uint8Array[] {
  const file = readFileSync(path);
  expect([...file.subarray(0, 7)]).toEqual([...Buffer.from(':W&B'), 0xe1, 0xbe, 0]);
  const records: Uint8Array[] = [];
  let parts: Uint8Array[] = [];
  for (let at = 7; at < file.length;) {
    const left = 32_768 - (at % 32_768);
    if (left < 7) {
      at += left;
      continue;
    }
    const [sum, length, kind] = [file.readUInt32LE(at), file.readUInt16LE(at + 4), file[at + 6]];
    expect(sum).toBe(crc32(file.subarray(at + 6, at + 7 + length)));
    expect(length).toBeLessThanOrEqual(left - 7);
    parts.push(file.subarray(at + 7, at + 7 + length));
    at += 7 + length;
    if (kind === 2 || kind === 3) continue;
    expect(parts.length > 1).toBe(kind === 4);
    records.push(Buffer.concat(parts));
    parts = [];
  }
  return records;
}

type Fields = Map<number, (number | Uint8Array)[]>;

/** The fields of a message by their numbers. */
function fieldsOf(bytes: Uint8Array): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const varint = (): number => {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = bytes[at++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    let value: number | Uint8Array = varint();
    if (tag % 8 === 2) {
      at += value;
      value = bytes.subarray(at - value, at);
    } else if (tag % 8 !== 0) throw new Error(`odd field ${tag}`);
    fields.set(Math.floor(tag / 8), [...(fields.get(Math.floor(tag / 8)) ?? []), value]);
  }
  return fields;
}

const within = (fields: Fields, number: number): Fields =>
  fieldsOf(fields.get(number)?.[0] as Uint8Array);
const texts = (fields: Fields, number: number): string[] =>
  (fields.get(number) ?? []).map((value) => Buffer.from(value as Uint8Array).toString());

/** Values by their paths, of items with a key or a nested key, and JSON. */
const itemsOf = (fields: Fields, number: number): Record<string, unknown> =>
  Object.fromEntries(
    (fields.get(number) ?? []).map((item) => {
      const parts = fieldsOf(item as Uint8Array);
      return [[...texts(parts, 1), ...texts(parts, 2)].join('.'), JSON.parse(texts(parts, 16)[0])];
    }),
  );

const logOf = (folder = ''): string =>
  join(folder, readdirSync(folder).find((name) => name.endsWith('.wandb')) ?? 'none');

it('hold what was logged, in order', async () => {
  const model = join(emptyFolder(), 'model.bin');
  writeFileSync(model, '12345');
  const { run } = begin('', { mode: 'offline', group: 'g', tags: ['a', 'b'], config: { lr: 1 } });
  run.updateConfig({ late: { deep: true } });
  run.log({ loss: 3, h: wandb.histogram({ minimum: 0, maximum: 2, counts: [1, 3] }) });
  run.log({ t: wandb.table({ columns: ['x'], data: [['y']] }) }, { step: 300 });
  run.addStats({ cpu: 50 });
  run.addOutput('printed', 'stdout');
  run.logArtifact({ name: 'model', type: 'model', files: [model] });
  run.updateSummary({ best: 2 });
  await run.finish(3);
  expect(basename(run.offlineFolder ?? '')).toMatch(
    new RegExp(`^offline-run-\\d{8}_\\d{6}-${run.id}$`),
  );
  const path = logOf(run.offlineFolder);
  expect(basename(path)).toBe(`run-${run.id}.wandb`);
  const records = recordsIn(path).map(fieldsOf);
  expect(records.map((record) => record.get(1))).toEqual(records.map((_, i) => [i + 1]));
  const kinds = records.map((record) => [...record.keys()].find((key) => key > 1) ?? 0);
  expect(kinds).toEqual([21, 17, 26, 6, 5, 2, 3, 7, 13, 8, 3, 6, 2, 3, 3, 18]);
  const of = (kind: number): Fields[] =>
    records.filter((record) => record.has(kind)).map((record) => within(record, kind));
  const [start] = of(17);
  expect([1, 3, 6, 10].map((number) => texts(start, number))).toEqual([
    [run.id],
    ['names'],
    ['g'],
    ['a', 'b'],
  ]);
  expect(itemsOf(within(start, 4), 1)).toMatchObject({ lr: 1 });
  expect(itemsOf(of(5)[0], 1)).toEqual({ late: { deep: true } });
  const [first, second] = of(2);
  expect(itemsOf(first, 1)).toMatchObject({ loss: 3, 'h._type': 'histogram', 'h.values': [1, 3] });
  expect(within(second, 2).get(1)).toEqual([300]);
  const { 't.path': tablePath } = itemsOf(second, 1);
  expect(existsSync(join(run.offlineFolder ?? '', 'files', String(tablePath)))).toBe(true);
  expect(of(6).flatMap((files) => texts(within(files, 1), 1))).toEqual([
    'wandb-metadata.json',
    tablePath,
  ]);
  expect(itemsOf(of(7)[0], 3)).toEqual({ cpu: 50 });
  expect(texts(of(13)[0], 3)).toEqual(['printed\n']);
  expect(texts(of(8)[0], 6)).toEqual(['73dd79e16738b42d66ee439721107543']); // of W&B's own client
  expect(itemsOf(of(3).at(-1) ?? new Map(), 1)).toMatchObject({ 'h.values': [1, 3] });
  expect(of(18)[0].get(1)).toEqual([3]);
});

it('that are resumed begin their log with the rows that are kept', async () => {
  const folder = join(emptyFolder(), 'wandb');
  const first = begin('', { folder, mode: 'offline' }).run;
  for (const step of [1, 2, 3]) first.log({ step }, { step });
  first.addStats({ cpu: 50 });
  first.addOutput('said', 'stderr');
  await first.finish();
  const again = begin('', { folder, mode: 'offline', resumedAt: 2 }).run;
  again.log({ step: 30 }, { step: 3 });
  await again.finish();
  const names = readdirSync(folder).filter((name) => name.startsWith('offline-run'));
  expect(names).toEqual([basename(first.offlineFolder ?? '')]);
  const records = recordsIn(logOf(again.offlineFolder)).map(fieldsOf);
  const rows = records.filter((record) => record.has(2)).map((record) => within(record, 2));
  expect(rows.map((row) => itemsOf(row, 1)['step'])).toEqual([1, 2, 30]);
  const [printed] = records.filter((record) => record.has(13)).map((record) => within(record, 13));
  expect([printed.get(1), texts(printed, 3)]).toEqual([undefined, ['said\n']]); // 0 is stderr
});

it('have records of any length, over the ends of blocks', () => {
  const path = join(emptyFolder(), 'log');
  const log = new RecordLog(path);
  const lengths = [0, 1, 32_754, 32_747, 1, 32_740, 3, 100_000, 32_761, 32_768 - 7 - 6];
  const written = lengths.map((length) => Buffer.alloc(length, length % 251));
  for (const record of written) log.append(record);
  log.close();
  expect(recordsIn(path).map((record) => Buffer.compare(record, written[0]))).toHaveLength(10);
  for (const [i, record] of recordsIn(path).entries()) expect(written[i].equals(record)).toBe(true);
});

it('have whole numbers of 64 bits', () => {
  const record = encodeRecord(summaryRecord({ a: 1e21, b: 'é' }), 2 ** 40 + 5);
  expect(fieldsOf(record).get(1)).toEqual([2 ** 40 + 5]);
  expect(itemsOf(within(fieldsOf(record), 3), 1)).toEqual({ a: 1e21, b: 'é' });
});

it('are kept for both: our own folder is sent too', () => {
  vi.stubEnv('WANDB_DIR', emptyFolder());
  const run = wandb.init({ mode: 'offline', systemMetrics: false });
  expect(run.offlineFolder).toBe(run.folder);
  run.log({ loss: 1 });
  vi.unstubAllEnvs();
  expect(readdirSync(run.folder).sort()).toEqual([
    'files',
    'history.jsonl',
    `run-${run.id}.wandb`,
    'run.json',
    'state.json',
  ]);
});
