// Checkpoints that were damaged: each is refused with an error, or read as it was. The full count is
// LLM101_MUTATIONS=1000 npx vitest run packages/training/test/mutated
import { isDeepStrictEqual } from 'node:util';
import { crc32 } from '@llm101/info-theory';
import { readSafetensors, writeSafetensors, type TensorData } from '@llm101/safetensors';
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { beforeAll, expect, it } from 'vitest';
import { decodeCheckpoint } from '../src/index.js';
import { RunState } from '../src/loop/run-state.js';
import { memoryStore } from './memory-store.js';
import { ToyRun } from './toy-run.js';

const COUNT = Number(process.env['LLM101_MUTATIONS'] ?? 200);
type Bytes = Uint8Array<ArrayBuffer>;
const random = Generator.seeded(77);
const below = (n: number): number => random.nextUint32() % n;

let original: Bytes = new Uint8Array();
beforeAll(async () => {
  await startBackend();
  const store = memoryStore();
  const run = new ToyRun();
  await run.train({ checkpoints: run.checkpoints(store), maxSteps: 13, patience: 9 });
  original = store.files.get('step-00000013.safetensors') ?? original;
});

/** Puts the right sum into a file, so that what comes after the sum is tried too. */
function signed(file: Bytes): Bytes {
  const text = new TextDecoder('latin1').decode(file);
  const at = text.indexOf('"crc32":"') + '"crc32":"'.length;
  file.set(new TextEncoder().encode('00000000'), at);
  file.set(new TextEncoder().encode(crc32(file).toString(16).padStart(8, '0')), at);
  return file;
}

/** The file with other tensors and another head, both well-formed. */
function rewritten(change: (tensors: Record<string, TensorData>, head: string) => string): Bytes {
  const { tensors, metadata } = readSafetensors(original);
  const copy: Record<string, TensorData> = { ...tensors };
  const checkpoint = change(copy, metadata['checkpoint']);
  return signed(writeSafetensors(copy, { ...metadata, checkpoint }));
}

const NUMBERS = ['-1', '1e300', 'null', '"x"', '0.5', '[]', '99999', '{}', 'true'];
const mutations: Readonly<Record<string, () => Bytes>> = {
  truncated: () => original.slice(0, below(original.length)),
  'bits flipped': () => {
    const file = original.slice();
    for (let i = 0; i <= below(8); i++) file[below(file.length)] ^= 1 << below(8);
    return file;
  },
  'a stretch of noise': () => {
    const file = original.slice();
    const start = below(file.length);
    for (let i = start; i < Math.min(file.length, start + 64); i++) file[i] = below(256);
    return file;
  },
  'a header of another length': () => {
    const file = original.slice();
    const length = [2n ** 63n, 2n ** 32n, 100_000_000n, BigInt(below(1e6))][below(4)];
    new DataView(file.buffer).setBigUint64(0, length, true);
    return file;
  },
  'bytes at the end': () => {
    const file = new Uint8Array(original.length + 1 + below(100));
    file.set(original);
    return signed(file);
  },
  'something else': () => Uint8Array.from({ length: below(4000) }, () => below(256)),
  'another shape': () =>
    rewritten((tensors, head) => {
      const names = Object.keys(tensors);
      const name = names[below(names.length)];
      const tensor = tensors[name];
      tensors[name] = { ...tensor, shape: [...tensor.shape, 1] };
      return head;
    }),
  'a tensor less, or under another name': () =>
    rewritten((tensors, head) => {
      const names = Object.keys(tensors);
      const name = names[below(names.length)];
      if (below(2) === 0) tensors[`${name}x`] = tensors[name];
      delete tensors[name];
      return head;
    }),
  'another type': () =>
    rewritten((tensors, head) => {
      const names = Object.keys(tensors);
      tensors[names[below(names.length)]] = {
        dtype: 'U8',
        shape: [3],
        data: Uint8Array.of(1, 2, 3),
      };
      return head;
    }),
  'another number in the head': () =>
    rewritten((_, head) => {
      const places = [...head.matchAll(/(?<=:)(?:-?[\d.e-]+|true|false)/g)];
      const { index, 0: found } = places[below(places.length)];
      const other = NUMBERS[below(NUMBERS.length)];
      return head.slice(0, index) + other + head.slice(index + found.length);
    }),
  'another head': () =>
    rewritten((_, head) => ['', 'null', '[]', '{}', head.slice(0, below(head.length))][below(5)]),
};
const WELL_FORMED: ReadonlySet<string> = new Set(['another number in the head']);

it(`${COUNT} of them`, async () => {
  const expected = decodeCheckpoint(original.slice());
  const names = Object.keys(mutations);
  let refused = 0;
  for (let i = 0; i < COUNT; i++) {
    const name = names[i % names.length];
    const file = mutations[name]();
    const what = `mutation ${i}, ${name}`;
    const before = process.memoryUsage().arrayBuffers;
    const decoded = await attempt(() => decodeCheckpoint(file));
    // Two small arrays for the sum's digits; a tensor at an odd place is copied.
    expect(process.memoryUsage().arrayBuffers - before, what).toBeLessThan(file.length + 8192);
    const run = new ToyRun();
    const taken = await attempt(() => resumeFrom(run, file));
    const results = [decoded, taken];
    const errors = results.filter((result) => result instanceof Error);
    // a number of the run's identity makes another run's checkpoint of it
    const kind = WELL_FORMED.has(name) ? /^(Checkpoint|OtherRun)Error$/ : /^CheckpointError$/;
    for (const error of errors) expect(error.name, what).toMatch(kind);
    const isAsItWas =
      errors.length > 0 || WELL_FORMED.has(name) || isDeepStrictEqual(decoded, expected);
    expect(isAsItWas, what).toBe(true);
    if (errors.length > 0) refused++;
    run.optimizer.dispose();
    run.model.weight.dispose();
  }
  expect(refused).toBeGreaterThan(COUNT * 0.85); // what is left: flipped bits in padding, numbers that may be others
});

/** Resumes from a file, as `resume` and `train` do. */
async function resumeFrom(run: ToyRun, file: Bytes): Promise<RunState> {
  const store = memoryStore();
  store.files.set('step-00000013.safetensors', file);
  return new RunState(run.model, { resumed: await run.resume(store), patience: 9 });
}

async function attempt(work: () => unknown): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    return error;
  }
}
