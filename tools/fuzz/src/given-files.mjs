import { mkdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DataError } from '@llm101/data';
import { resolveSettings, runFolderFiles, runTraining, UsageError, UserError } from '@llm101/runs';
import { JsonError, SafetensorsError } from '@llm101/safetensors';
import { CheckpointError, exportCheckpoint } from '@llm101/training';
import { compile } from '@llm101/wasm';
import { zipSync } from 'fflate';
import { rolldown } from 'rolldown';
import { mutateSafetensors, signed } from './files.mjs';
import { below, mutateBytes, mutateText, pick } from './mutate.mjs';

/** @typedef {import('@llm101/random').Generator} Generator */

const utf8 = (/** @type {string} */ text) => new TextEncoder().encode(text);

/** Names that an archive has no business with, and such as are in it already. */
const NAMES = [
  '../../config.json',
  '/etc/config.json',
  'C:\\config.json',
  '__proto__',
  'a/../config.json',
  'run/config.json',
  'run/model.safetensors',
  `${'d/'.repeat(500)}config.json`,
  'run/inner.zip',
  'run/\u0000',
];

/**
 * Files that are dropped on the page: a zip of a run, its parts alone, a text.
 *
 * @returns {Promise<import('./targets.mjs').Target>}
 */
export async function givenFilesTarget() {
  const give = await loadGive();
  const files = await runFiles();
  const parts = [...files].map(([path, bytes]) => ({ path, bytes }));
  return {
    name: 'files given to the page',
    input(random) {
      if (below(random, 3) > 0) return mutateZip(mutateFiles(files, random), random);
      const { path, bytes } = pick(random, parts);
      return mutateFile(path, bytes, random);
    },
    async read(input) {
      const { output } = await give({ files: [{ path: 'given', file: new Blob([input]) }] });
      if (!['text', 'run', 'model'].includes(output.kind)) throw new Error('it is nothing');
    },
    refuses: [UserError, UsageError, DataError, JsonError, SafetensorsError, CheckpointError],
  };
}

/** What the page's worker does with files, as the page has it. */
export async function loadGive() {
  const page = fileURLToPath(new URL('../../../apps/playground/src/', import.meta.url));
  const folder = fileURLToPath(new URL('../dist/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const bundle = await rolldown({
    input: `${page}worker/requests/runs/give.ts`,
    external: [/^@llm101\//, 'fflate'],
    platform: 'node',
  });
  const { output } = await bundle.write({ dir: folder, format: 'esm' });
  await bundle.close();
  /** @type {{ give: (input: { files: { path: string, file: Blob }[] }) => Promise<{ output: { kind: string } }> }} */
  const { give } = await import(pathToFileURL(folder + output[0].fileName).href);
  return give;
}

/** The folder of a run of a few steps. */
async function runFiles() {
  const settings = resolveSettings({
    flags: { data: 'names', dEmbed: 2, dHidden: 3, contextSize: 2, maxSteps: 2, valInterval: 0 },
  });
  /** @type {Map<string, Uint8Array<ArrayBuffer>>} */
  const kept = new Map();
  const store = {
    list: async () => [...kept.keys()],
    read: async (/** @type {string} */ name) => kept.get(name) ?? new Uint8Array(),
    write: async (/** @type {string} */ name, /** @type {Uint8Array} */ bytes) =>
      void kept.set(name, new Uint8Array(bytes)),
    remove: async (/** @type {string} */ name) => void kept.delete(name),
  };
  const run = await runTraining(settings, { compile, samples: 0, store });
  return runFolderFiles({
    settings: run.settings,
    versions: { llm101: '0.1.0' },
    checkpoint: await exportCheckpoint(store),
    text: undefined,
    logs: { metrics: '{"step":1,"trainLoss":3}\n', samples: '', statistics: '' },
    model: run.model,
    fingerprint: run.fingerprint,
  });
}

/**
 * @param {string} path
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {Generator} random
 */
function mutateFile(path, bytes, random) {
  if (!path.endsWith('.safetensors')) {
    return utf8(mutateText(new TextDecoder().decode(bytes), random));
  }
  const mutant = mutateSafetensors(bytes, random);
  return path.includes('checkpoints/') ? signed(mutant) : mutant;
}

/**
 * @param {ReadonlyMap<string, Uint8Array<ArrayBuffer>>} files
 * @param {Generator} random
 */
function mutateFiles(files, random) {
  const entries = [...files].map(([path, bytes]) => {
    const changed = below(random, 6) === 0 ? mutateFile(path, bytes, random) : bytes;
    return /** @type {const} */ ([`run/${path}`, changed]);
  });
  const chosen = entries.filter(() => below(random, 8) > 0);
  if (below(random, 3) === 0) {
    const name = pick(random, NAMES);
    const bytes = name.endsWith('.zip') ? zipSync({ a: utf8('a') }) : new Uint8Array(200_000);
    return [...chosen, /** @type {const} */ ([name, bytes])];
  }
  return chosen;
}

/** Fields of an entry in a zip's directory: where they stand, and how many bytes they have. */
const FIELDS = /** @type {const} */ ([
  [8, 2], // flags
  [10, 2], // method
  [16, 4], // checksum
  [20, 4], // compressed size
  [24, 4], // size
  [28, 2], // length of the name
  [30, 2], // length of what else is said
  [42, 4], // where the file stands
]);

/**
 * A zip of files, with another directory, other bytes, or twice.
 *
 * @param {readonly (readonly [string, Uint8Array])[]} files
 * @param {Generator} random
 * @returns {Uint8Array<ArrayBuffer>}
 */
function mutateZip(files, random) {
  const named = Object.fromEntries(files.filter(([name]) => name !== '__proto__'));
  const zip = new Uint8Array(zipSync(named, { level: pick(random, [0, 6]) }));
  switch (below(random, 4)) {
    case 0:
      return zip;
    case 1:
      return mutateBytes(zip, random);
    default:
      for (let changes = 1 + below(random, 2); changes > 0; changes--) mutateEntry(zip, random);
      return zip;
  }
}

/** @param {Uint8Array<ArrayBuffer>} zip @param {Generator} random */
function mutateEntry(zip, random) {
  const view = new DataView(zip.buffer);
  const entries = Array.from({ length: zip.length - 46 }, (_, at) => at).filter(
    (at) => view.getUint32(at, true) === 0x02014b50,
  );
  if (entries.length === 0) return;
  const entry = pick(random, entries);
  const [at, bytes] = pick(random, FIELDS);
  const value = pick(random, [
    0,
    1,
    8,
    255,
    2 ** 16 - 1,
    2 ** 29,
    2 ** 30 - 1,
    2 ** 31,
    2 ** 32 - 1,
  ]);
  if (bytes === 2) view.setUint16(entry + at, value % 2 ** 16, true);
  else view.setUint32(entry + at, value, true);
}
