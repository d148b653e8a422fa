import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BpeTokenizer, CharTokenizer, DataError } from '@llm101/data';
import { loadText, openTokenFile, textPieces } from '@llm101/data/node';
import {
  AdaptiveCounts,
  CodecError,
  compress,
  decompress,
  writeContainer,
} from '@llm101/info-theory';
import { readContainer } from '@llm101/info-theory';
import { MLP } from '@llm101/models';
import { Generator } from '@llm101/random';
import {
  parseMetrics,
  parseModel,
  parseSamples,
  parseStatistics,
  RunFileError,
} from '@llm101/report';
import {
  encodeModel,
  parseModelConfig,
  openModel,
  openTokenizer,
  resolveSettings,
  UsageError,
  UserError,
} from '@llm101/runs';
import {
  JsonError,
  parseJson,
  readHeader,
  readSafetensors,
  SafetensorsError,
} from '@llm101/safetensors';
import { CheckpointError, decodeCheckpoint, encodeCheckpoint } from '@llm101/training';
import { startBackend } from '@llm101/wasm';
import { mutateSafetensors, signed, signedTokens, tokenFile } from './files.mjs';
import { givenFilesTarget } from './given-files.mjs';
import { gpt2Target } from './hugging-face.mjs';
import { netrcTarget, wandbTarget } from './wandb.mjs';
import { below, mutateBytes, mutateText, pick } from './mutate.mjs';
import { reportTargets } from './reports.mjs';
import { sweepTargets } from './sweeps.mjs';
import { tableTarget } from './tables.mjs';

/**
 * A reader and what it is given.
 *
 * @typedef {object} Target
 * @property {string} name
 * @property {(random: Generator) => Uint8Array<ArrayBuffer>} input - something like what it reads
 * @property {(input: Uint8Array<ArrayBuffer>) => unknown} read - throws where it refuses
 * @property {readonly (abstract new (...args: never[]) => Error)[]} refuses - by these errors alone
 */

const utf8 = (/** @type {string} */ text) => new TextEncoder().encode(text);
const textOf = (/** @type {Uint8Array} */ bytes) => new TextDecoder().decode(bytes);

/** A model of bytes. */
const counts = () => new AdaptiveCounts(256);

/** The targets; the backend runs then, and a folder of its own is there. @returns {Promise<Target[]>} */
export async function makeTargets() {
  await startBackend();
  const folder = mkdtempSync(join(tmpdir(), 'llm101-fuzz-'));
  const model = modelFile();
  const checkpoint = checkpointFile();
  const tokens = await tokenFile(folder);
  const compressed = compress(utf8('ana\nbob\nana\n'.repeat(20)), {
    model: counts(),
    name: 'counts',
  });
  return [
    {
      name: 'safetensors',
      input: (random) => mutateSafetensors(pick(random, [model, checkpoint]), random),
      read(file) {
        readHeader(file);
        return readSafetensors(file);
      },
      refuses: [SafetensorsError],
    },
    {
      name: 'checkpoint',
      input: (random) => signed(mutateSafetensors(checkpoint, random)),
      read: decodeCheckpoint,
      refuses: [CheckpointError],
    },
    {
      name: 'model',
      input: (random) => mutateSafetensors(model, random),
      read: (file) => openModel(file).model.dispose(),
      refuses: [UserError],
    },
    {
      name: 'model in a report',
      input: (random) => mutateSafetensors(model, random),
      read: parseModel,
      refuses: [SafetensorsError],
    },
    {
      name: 'container',
      input(random) {
        if (below(random, 2) === 0) return mutateBytes(compressed, random);
        const { payload, ...rest } = readContainer(compressed);
        const file = writeContainer({ ...rest, payload: mutateBytes(payload, random) });
        return new Uint8Array(file);
      },
      read: (file) => decompress(file, { model: counts(), name: 'counts' }),
      refuses: [CodecError],
    },
    ...sweepTargets(),
    ...reportTargets(),
    {
      name: 'config',
      input: (random) => utf8(mutateText(CONFIG, random)),
      read(file) {
        const settings = parseJson(textOf(file), { depth: 8, values: 10_000 });
        if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) return;
        resolveSettings({ flags: {}, file: { path: 'config.json', settings: { ...settings } } });
      },
      refuses: [JsonError, UsageError, UserError],
    },
    tableTarget(),
    {
      name: 'metrics',
      input: (random) =>
        utf8(LOGS.map((line) => (below(random, 2) ? line : mutateText(line, random))).join('\n')),
      read(file) {
        const text = textOf(file);
        const rows = [parseMetrics(text), parseSamples(text), parseStatistics(text)].flat();
        if (!rows.every(({ step }) => Number.isFinite(step))) throw new Error('a row has no step');
      },
      refuses: [RunFileError],
    },
    {
      name: 'text',
      input: (random) => mutateBytes(pick(random, TEXTS), random),
      read: (file) => loadText('http://127.0.0.1/text', { fetch: async () => new Response(file) }),
      refuses: [DataError],
    },
    {
      name: 'text in pieces',
      input: (random) => mutateBytes(pick(random, TEXTS), random),
      async read(file) {
        const path = join(folder, 'text');
        writeFileSync(path, file);
        for await (const piece of textPieces(path)) if (piece === '') throw new Error('nothing');
      },
      refuses: [DataError],
    },
    {
      name: 'token file',
      input: (random) => (below(random, 2) ? signedTokens : mutateBytes)(tokens, random),
      async read(file) {
        const path = join(folder, 'altered.tokens');
        writeFileSync(path, file);
        const { tokens } = await openTokenFile(path);
        const ids = new Int32Array(tokens.length);
        tokens.copy(0, ids.length, ids, 0);
        tokens.close();
        if (!ids.every((id) => id >= 0 && id < tokens.vocabSize)) throw new Error('an id is none');
      },
      refuses: [DataError],
    },
    {
      name: 'tokenizer',
      input: (random) => utf8(mutateText(TOKENIZER, random)),
      read: (file) => CharTokenizer.fromJSON(parseJson(textOf(file))),
      refuses: [JsonError, DataError],
    },
    {
      name: 'tokenizer file',
      input: (random) => utf8(mutateText(pick(random, TOKENIZER_FILES), random)),
      read(file) {
        const tokenizer = openTokenizer(parseJson(textOf(file)), { lineEnds: 'characters' });
        const tokens = Array.from({ length: tokenizer.vocabSize }, (_, token) => token);
        if (typeof tokenizer.decode(tokens) !== 'string') throw new Error('no text');
        if (tokenizer.firstUnknown('abc') === undefined) tokenizer.encode('abc');
      },
      refuses: [JsonError, DataError],
    },
    gpt2Target(),
    await givenFilesTarget(),
    wandbTarget(folder),
    netrcTarget(folder),
  ];
}

const CONFIG =
  '{"data":"names","model":"mlp","contextSize":8,"dEmbed":4,"dHidden":8,"lr":0.1,"seed":101,"optimizer":"adamw",' +
  '"alphabet":"abc","distinct":true,"maxSteps":100,"valSize":0.1}';
const TOKENIZER = JSON.stringify(CharTokenizer.fromAlphabet('abc'));
const TOKENIZER_FILES = [
  JSON.stringify(BpeTokenizer.fromText('abc abc abcd', { vocabSize: 262 }).toTokenizerFile()),
  CharTokenizer.fromAlphabet('abc', { special: ['<s>', '<unk>'], unknown: 'token' }).vocabText(),
];
const LOGS = [
  '{"step":1,"trainLoss":3.25,"batchLoss":3.25,"valLoss":3,"stepsPerSecond":10,"learningRate":0.1}',
  '{"step":2,"texts":["ana","bob"]}',
  '{"step":3,"parameterNorm":1,"gradientNorm":2,"parameters":{"w":{"values":{"norm":1},"gradient":{"norm":2}}}}',
];
const TEXTS = [
  utf8('ana\nbob\nZoë\n日本\n👩‍🚀\r\n'),
  Uint8Array.from([0xff, 0xfe, 0x61, 0, 0x0a, 0]),
  Uint8Array.from([0xfe, 0xff, 0, 0x61, 0, 0x0a]),
  Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b, 0x04, 0, 0x43, 0xbe, 0xb7, 0xe8]),
];

function modelFile() {
  const sizes = { vocabSize: 4, contextSize: 2, dEmbed: 2, dHidden: 3 };
  const model = new MLP(sizes, Generator.seeded(1));
  const config = parseModelConfig({ type: 'mlp', ...sizes });
  if (config === undefined) throw new Error('modelFile: the config must be one of an mlp');
  const tokenizer = CharTokenizer.fromAlphabet('abc');
  const file = encodeModel({
    config,
    model,
    tokenizer,
    examples: 'lines',
    step: 7,
    arithmetic: undefined,
  });
  model.dispose();
  return file;
}

function checkpointFile() {
  /** @type {import('@llm101/safetensors').TensorData} */
  const weight = { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) };
  return encodeCheckpoint({
    step: 3,
    config: { seed: 1, model: 'mlp' },
    parts: {
      model: { tensors: { 'linear.weight': weight }, values: null },
      optimizer: { tensors: { '0.exp_avg': weight }, values: null },
      progress: { tensors: {}, values: { step: 3, sum: 1.5, count: 3 } },
      best: { tensors: {}, values: { loss: null } },
    },
  });
}
