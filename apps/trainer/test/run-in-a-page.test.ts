// A run that Node begins, a page goes on with, and Node ends: its folder goes through memory, as in a browser.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { textPieces } from '@llm101/data';
import {
  type Files,
  keptSteps,
  memoryLogs,
  openRunFolder,
  prepareData,
  Run,
  runCheckpoints,
  runFolderFiles,
} from '@llm101/runs';
import { type CheckpointStore, exportCheckpoint, importCheckpoint } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder, succeed } from './llm101.js';

beforeAll(() => startBackend());

function filesIn(folder: string): Files {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = names
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    paths.map((path) => [path.slice(folder.length + 1), new Uint8Array(readFileSync(path))]),
  );
}

function write(folder: string, files: Files): void {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

function mapStore(): CheckpointStore {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    list: async () => [...files.keys()],
    read: async (name) => files.get(name) ?? new Uint8Array(),
    write: async (name, bytes) => void files.set(name, bytes),
    remove: async (name) => void files.delete(name),
  };
}

/** What a page does with a folder that is dropped on it: goes on until a step, and gives the folder back. */
async function inPage(files: Files, until: number): Promise<Files> {
  const opened = openRunFolder(files);
  const { settings, checkpoint, text, tokenizer, initial } = opened;
  if (settings === undefined || checkpoint === undefined || text === undefined) {
    throw new Error('nothing to go on with');
  }
  const store = mapStore();
  await importCheckpoint(store, checkpoint.bytes);
  const pieces = textPieces(new Blob([text]));
  let whole = '';
  for await (const piece of pieces) whole += piece;
  const data = await prepareData(settings, { ...pieces.summary(), text: whole }, tokenizer);
  const run = new Run(settings, data, compile, initial);
  try {
    const checkpoints = runCheckpoints(run, { store, where: 'the page' });
    const resumed = await checkpoints.resume();
    const logs = memoryLogs(opened.logs, keptSteps(resumed, { before: settings, settings }));
    const controller = new AbortController();
    await run.train({
      checkpoints,
      listeners: [logs.listener],
      signal: controller.signal,
      async between({ step }) {
        if (step === until) controller.abort();
      },
    });
    return runFolderFiles({
      settings: run.settings,
      versions: { llm101: '0.1.0', page: 'a test' },
      checkpoint: await exportCheckpoint(store),
      text,
      logs: logs.texts(),
      model: run.save(),
      tokenizer: data.tokenizer,
      initial: initial?.file,
    });
  } finally {
    run.dispose();
  }
}

const text = Array.from(
  { length: 60 },
  (_, i) => `${'abcdef'.slice(i % 5)}${'xyz'.slice(i % 3)}\n`,
).join('');

const cases: readonly [string, string][] = [
  ['an MLP of lines', '--model mlp --d-hidden 16 --momentum 0.9 --reshuffle --batch-size 4'],
  [
    'a WaveNet with dropout',
    '--model wavenet --d-hidden 8 --depth 2 --dropout 0.2 --optimizer adamw --lr 0.01',
  ],
  [
    'a GPT of blocks by bytes, its weights averaged',
    '--model gpt --examples blocks --tokenizer bytes --d-embed 8 --heads 2 --layers 1 --context-size 8 --batch-size 4 --average-weights 0.9 --val-batches 2 --val-size 0.3',
  ],
];

describe.each(cases)('%s', (_, flags) => {
  it('ends at home as it would have without the page, whose folder needs no other file', async () => {
    const folder = emptyFolder();
    const data = join(folder, 'my text.txt');
    writeFileSync(data, text);
    const own = ['--data', data, ...flags.split(' ')];
    const every = '--val-interval 20 --log-interval 10 --sample-interval 30 --quiet';
    const train = ['train', ...own, ...every.split(' '), '--max-steps', '130'];
    const [straight, moved, back] = ['straight', 'moved', 'back'].map((name) => join(folder, name));
    await succeed(...train, '--run-dir', straight);
    await succeed(...train, '--max-steps', '40', '--run-dir', moved);
    const there = new Map(filesIn(moved)).set('my text.txt', new TextEncoder().encode(text));
    const config = JSON.parse(readFileSync(join(moved, 'config.json'), 'utf8')) as object;
    const longer = { ...config, maxSteps: 130 };
    there.set('config.json', new TextEncoder().encode(JSON.stringify(longer)));
    write(back, await inPage(there, 95));
    rmSync(data); // what the page gave back has it
    await succeed('train', '--resume', back, '--quiet');
    const bytes = (run: string, name: string) => readFileSync(join(run, name));
    for (const name of ['model.safetensors', 'samples.jsonl', 'fingerprint.json']) {
      expect(bytes(back, name).equals(bytes(straight, name)), name).toBe(true);
    }
    const untimed = (run: string): string =>
      bytes(run, 'metrics.jsonl')
        .toString()
        .replaceAll(/"stepsPerSecond":[^,]+,/g, '');
    expect(untimed(back)).toBe(untimed(straight));
    expect((await succeed('verify', back)).stdout).toContain('are equal bit for bit');
  });
});
