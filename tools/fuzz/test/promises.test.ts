// Tries what SECURITY.md promises; its table and this file have the same rows.
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BpeTokenizer, CharTokenizer } from '@llm101/data';
import { encodeToFile, loadText, openTokenFile, textPieces } from '@llm101/data/node';
import { importGPT2 } from '@llm101/export';
import { parseMetrics, parseSamples } from '@llm101/report';
import { findRuns } from '@llm101/report/node';
import { openModel } from '@llm101/runs';
import { parseResults, parseSweep } from '@llm101/sweeps';
import {
  jobMessage,
  pack,
  parseJob,
  parseResultOf,
  TEXT_BYTES,
  unpack,
} from '@llm101/sweeps/bullmq';
import { parseJson, readHeader, writeSafetensors } from '@llm101/safetensors';
import { parseScalingPoints } from '@llm101/sweeps';
import { fileStore, readFileWithin } from '@llm101/training/node';
import * as wandb from '@llm101/wandb';
import { zipSync } from 'fflate';
import { beforeAll, expect, it, vi } from 'vitest';
import { loadGive } from '../src/given-files.mjs';
import { startBackend } from '@llm101/wasm';

const security = readFileSync(new URL('../../../SECURITY.md', import.meta.url), 'utf8');
const rows = [...security.matchAll(/^\| ([^|]+?) +\| ([^|]+?) +\|$/gm)].filter(
  ([, input]) => !/^(-+|input)$/.test(input),
);
const promises = new Map(rows.map(([, input, bounds]) => [input.replaceAll('`', ''), bounds]));

/** Whether a row says a number. */
const says = (row: string, ...numbers: number[]): void => {
  for (const number of numbers) {
    expect(promises.get(row), row).toContain(number.toLocaleString('en-US'));
  }
};

const folder = mkdtempSync(join(tmpdir(), 'llm101-promises-'));

/** A file that takes no room. */
function sparse(name: string, bytes: number): string {
  const path = join(folder, name);
  closeSync(openSync(path, 'w'));
  truncateSync(path, bytes);
  return path;
}

function headerOf(text: string, length = text.length): Uint8Array {
  const file = new Uint8Array(8 + text.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
  file.set(new TextEncoder().encode(text), 8);
  return file;
}

/** What W&B's client says of a server that always answers so; and how often it asked. */
async function answered(body: string, init: ResponseInit = {}): Promise<[string, number]> {
  const run = wandb.init({ folder: join(folder, 'wandb'), mode: 'offline' });
  run.log({ loss: 1 });
  await run.finish();
  const fetch = vi
    .spyOn(globalThis, 'fetch')
    .mockImplementation(async () => new Response(body, init));
  const options = {
    apiKey: 'k'.repeat(40),
    baseUrl: 'http://127.0.0.1',
    timings: { retryMs: 1, longestRetryMs: 2 },
  };
  const error: unknown = await wandb.syncRun(run.folder, options).catch((cause: unknown) => cause);
  const requests = fetch.mock.calls.length;
  fetch.mockRestore();
  return [String(error), requests];
}

const trials: Readonly<Record<string, () => void | Promise<void>>> = {
  'safetensors header'() {
    says('safetensors header', 100_000_000, 3, 100_000, 2_000_000, 64, 1000);
    expect(() => readHeader(headerOf('{}', 100_000_001))).toThrow('may have 100000000 bytes');
    expect(() => readHeader(headerOf('{"a":{"b":{"c":{'))).toThrow('deeper than 3 levels');
    expect(() => readHeader(headerOf(`{"a":[${'1,'.repeat(2_000_000)}`))).toThrow('2000000 values');
  },
  'model.safetensors'() {
    const model = JSON.stringify({
      type: 'mlp',
      vocabSize: 4,
      contextSize: 2,
      dEmbed: 2,
      dHidden: 10_000,
    });
    const tokenizer = JSON.stringify(CharTokenizer.fromAlphabet('abc'));
    const file = writeSafetensors({}, { model, tokenizer, step: '1' });
    expect(() => openModel(file)).toThrow(
      /must have a number for each of the .* parameters; got 0/,
    );
  },
  async checkpoint() {
    says('checkpoint', 2 ** 31 - 1);
    sparse('step-00000001.safetensors', 2 ** 31);
    const read = fileStore(folder).read('step-00000001.safetensors');
    await expect(read).rejects.toThrow('may have 2,147,483,647');
  },
  'JSON of files'() {
    says('JSON of files', 32, 1_000_000);
    expect(() => parseJson('['.repeat(33))).toThrow('deeper than 32 levels');
    expect(() => parseJson(`[${'1,'.repeat(1_000_000)}1]`)).toThrow('more than 1000000 values');
    expect(() => parseJson('{"a":1,"a":2}')).toThrow('the key "a" twice');
  },
  settings: () => says('settings', 16_000_000, 8, 10_000),
  'logs of a run'() {
    says('logs of a run', 400_000_000, 2_000_000, 20_000_000, 1000);
    expect(() => parseMetrics('\n'.repeat(2_000_001))).toThrow('may have 2000000 lines');
    expect(() => parseSamples('x'.repeat(20_000_001))).toThrow('may have 20000000 characters');
    expect(() => parseSamples('x\n'.repeat(1001))).toThrow('may have 1000 lines');
  },
  sweep() {
    says('sweep', 10_000, 1_000_000);
    const list = (length: number) => ({
      choice: Array.from({ length }, (_, i) => (i + 1) / (length + 1)),
    });
    expect(() => parseSweep({ space: { lr: list(10_001) } })).toThrow('space.lr must be');
    const large = { lr: list(101), momentum: list(100), dropout: list(100) };
    expect(() => parseSweep({ space: large })).toThrow('at most 1000000 combinations');
    expect(() => parseSweep({ space: {}, trials: 1_000_001 })).toThrow('from 1 to 1000000');
  },
  'results of a sweep'() {
    says('results of a sweep', 500_000_000);
    const line = { trial: 0, repetition: 0, status: 'finished', step: 3, value: 1 };
    const lines = [JSON.stringify(line), '{"trial": -1}', '[[[', '{"__proto__": 1}', 'null'];
    expect(parseResults(lines.join('\n'))).toEqual([line]);
  },
  'job of a queue'() {
    says('job of a queue', 65_536, 8, 10_000, TEXT_BYTES);
    const job = (changes: object): string =>
      JSON.stringify({
        version: 1,
        trial: 0,
        repetition: 0,
        objective: 'valLoss',
        settings: {},
        files: { data: { name: 'names' } },
        ...changes,
      });
    expect(parseJob(job({})).trial).toBe(0);
    expect(() => parseJob(job({ settings: { lr: -1 } }))).toThrow("can't be run");
    expect(() => parseJob(job({ settings: { data: '/etc/passwd' } }))).toThrow(
      'its data is a path',
    );
    expect(() => parseJob(job({ files: { data: { shared: '../x' } } }))).toThrow("isn't one of");
    expect(() => parseJob(`${'['.repeat(9)}${']'.repeat(9)}`)).toThrow("isn't one of llm101");
    const long = { ...parseJob(job({})), settings: { alphabet: 'x'.repeat(65_536) } };
    expect(() => jobMessage(long)).toThrow('more than 65536 bytes');
  },
  'files from a queue'() {
    says('files from a queue', 100, 2 ** 26, 2 ** 25, 2 ** 31 - 1);
    const files = (names: readonly string[]): Uint8Array =>
      pack(new Map(names.map((name) => [name, new Uint8Array(3)])));
    expect([...unpack(files(['config.json'])).keys()]).toEqual(['config.json']);
    for (const name of ['../config.json', 'report.html', '/etc/passwd', 'checkpoints/../x']) {
      expect(() => unpack(files([name]))).toThrow('a file that no run folder has');
    }
    expect(() => unpack(files(['config.json']).subarray(0, -1))).toThrow('cut short');
    const many = Array.from(
      { length: 101 },
      (_, i) => `checkpoints/step-${10_000_000 + i}.safetensors`,
    );
    expect(() => unpack(files(many))).toThrow('are damaged');
  },
  'result from a queue'() {
    says('result from a queue', 65_536, 8);
    const job = { trial: 3, repetition: 0, until: undefined };
    const result = { trial: 3, repetition: 0, status: 'finished', step: 9, value: 1 };
    expect(parseResultOf(job, JSON.stringify(result))).toEqual(result);
    for (const wrong of [{ ...result, trial: 4 }, { ...result, until: 5 }, [], '[[[[[[[[[']) {
      expect(() => parseResultOf(job, JSON.stringify(wrong))).toThrow('no result of trial 3');
    }
  },
  'runs that are compared'() {
    says('runs that are compared', 10_000, 4, 200_000, 5_000_000);
    const runs = join(folder, 'runs');
    for (let i = 0; i < 500; i++) mkdirSync(join(runs, `${i}`), { recursive: true });
    symlinkSync(runs, join(runs, 'itself'));
    expect(() => findRuns([runs])).toThrow('must be the folder of a run, or hold such folders');
    writeFileSync(join(runs, '1', 'metrics.jsonl'), '');
    expect(findRuns([runs])).toHaveLength(1);
    const again = Array.from({ length: 401 }, () => runs);
    expect(() => findRuns(again)).toThrow('200,000 files and folders are looked at');
  },
  'table of runs'() {
    says('table of runs', 16_000_000, 100_000, 1000, 10_000);
    expect(() => parseScalingPoints('n,d,loss\n'.repeat(100_002))).toThrow('may have 100,000 rows');
    expect(() => parseScalingPoints(' '.repeat(16_000_001))).toThrow('may have 16,000,000');
    expect(() => parseScalingPoints(`n,d,loss\n1,2,"${'x'.repeat(10_001)}"`)).toThrow(
      'may have 1,000 cells of 10,000 characters',
    );
  },
  async text() {
    says('text', 256_000_000, 600, 30, 1000);
    await expect(loadText(sparse('text', 256_000_001))).rejects.toThrow(
      'may have 256,000,000 bytes',
    );
  },
  async 'text in pieces'() {
    says('text in pieces', 8_000_000_000, 200, 2 ** 26, 1_000_000, 64, 3600);
    const read = async (path: string): Promise<void> => {
      for await (const piece of textPieces(path)) expect(piece.length).toBeLessThanOrEqual(2 ** 18);
    };
    const bomb = join(folder, 'bomb.gz');
    writeFileSync(bomb, gzipSync(Buffer.alloc(2 ** 26 + 2 ** 24, 'a')));
    await expect(read(bomb)).rejects.toThrow('a gzip file may hold 200 times its bytes');
    await expect(read('/dev/zero')).rejects.toThrow('must be UTF-8; it is binary');
    const deep = join(folder, 'deep', ...Array.from({ length: 66 }, () => 'd')); // bounded: 66
    mkdirSync(deep, { recursive: true });
    await expect(async () => read(join(folder, 'deep'))).rejects.toThrow('folders may be 64 deep');
    const linked = join(folder, 'linked');
    mkdirSync(linked);
    symlinkSync(bomb, join(linked, 'a'));
    await expect(async () => read(linked)).rejects.toThrow('this is a link');
  },
  tokenizer() {
    says('tokenizer', 64_000_000, 16, 5_000_000, 2 ** 20, 2 ** 14);
    const file = {
      pre_tokenizer: { type: 'ByteLevel' },
      model: { vocab: { ['a'.repeat(2 ** 14 + 1)]: 0 }, merges: [] },
    };
    expect(() => BpeTokenizer.fromTokenizerFile(file)).toThrow('at most 16384 bytes');
    const many = Object.fromEntries(Array.from({ length: 2 ** 20 + 1 }, (_, i) => [i, i])); // whole numbers are fast keys
    expect(() => CharTokenizer.fromVocab(many)).toThrow('from 1 to 1048576 tokens');
    expect(() =>
      BpeTokenizer.fromTokenizerFile({ ...file, model: { vocab: many, merges: [] } }),
    ).toThrow('at most 1048576 tokens');
  },
  async 'token file'() {
    const file = join(folder, 'tokens');
    const tokenizer = CharTokenizer.fromAlphabet('abc', { padding: false });
    const text = join(folder, 'abc.txt');
    writeFileSync(text, 'abcabc');
    (await encodeToFile(file, textPieces(text), tokenizer)).tokens.close();
    truncateSync(file, 2 ** 30); // its header says 6
    await expect(openTokenFile(file)).rejects.toThrow('it must have 6 ids of 1 bytes');
    await expect(openTokenFile('/dev/zero')).rejects.toThrow('must be a token file');
  },
  'folder of GPT-2'() {
    says('folder of GPT-2', 1_000_000_000, 64_000_000, 16, 2_000_000);
    const sizes = { vocab_size: 2 ** 40, n_positions: 8, n_embd: 2 ** 20, n_layer: 2 ** 50 };
    const config = { model_type: 'gpt2', ...sizes, n_head: 1 };
    expect(() => importGPT2({ config, tokenizer: {}, weights: [writeSafetensors({})] })).toThrow(
      'transformer.wte.weight must be there; got none',
    );
  },
  async 'archive given to the page'() {
    says('archive given to the page', 10_000, 2 ** 30, 1032);
    const give = await loadGive();
    const given = async (zip: Uint8Array): Promise<unknown> =>
      give({ files: [{ path: 'run.zip', file: new Blob([new Uint8Array(zip)]) }] });
    const many = Array.from({ length: 10_001 }, (_, i) => [`${i}`, new Uint8Array()]);
    await expect(given(zipSync(Object.fromEntries(many)))).rejects.toThrow('at most 10,000 files');
    const bomb = zipSync({ 'config.json': new Uint8Array(2000) }, { level: 9 });
    const view = new DataView(bomb.buffer);
    const entry = view.getUint32(bomb.length - 6, true); // where the directory stands
    view.setUint32(entry + 24, 2 ** 30 - 1, true);
    await expect(given(bomb)).rejects.toThrow('config.json is smaller than it claims');
    view.setUint32(entry + 20, 2 ** 21, true);
    view.setUint32(entry + 24, 2 ** 30 + 1, true);
    await expect(given(bomb)).rejects.toThrow('1 GiB together');
  },
  async 'answer of W&B'() {
    says('answer of W&B', 1_000_000, 20, 16, 10_000, 60, 5);
    expect((await answered('x'.repeat(1_000_001)))[0]).toContain('may answer with 1000000 bytes');
    expect((await answered(`${'['.repeat(17)}${']'.repeat(17)}`))[0]).toContain(
      'deeper than 16 levels',
    );
    expect((await answered(`[${'1,'.repeat(10_000)}1]`))[0]).toContain('more than 10000 values');
    expect((await answered('', { status: 429, headers: { 'Retry-After': '0' } }))[1]).toBe(5);
    expect((await answered('', { status: 307, headers: { Location: '/' } }))[1]).toBe(1);
  },
  '~/.netrc'() {
    says('~/.netrc', 1_000_000);
    writeFileSync(join(folder, 'netrc'), '');
    expect(() => readFileWithin(sparse('netrc', 1_000_001), 1_000_000)).toThrow(
      'may have 1,000,000',
    );
  },
  'file of a run folder'() {
    expect(() => readFileWithin('/dev/zero', 10)).toThrow('it is a device, and must be a file');
  },
};

beforeAll(async () => {
  await startBackend();
});

it('has a trial for each row', () => {
  expect([...promises.keys()]).toEqual(Object.keys(trials));
});

it.each(Object.keys(trials))('%s', async (row) => {
  expect(promises.has(row)).toBe(true);
  await trials[row]();
});
