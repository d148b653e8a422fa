// Programs that are shown to learners are run, and give what runTraining gives, byte for byte.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { loadText } from '@llm101/data/node';
import { stateDict, type Module } from '@llm101/models';
import type { TensorData } from '@llm101/safetensors';
import { compile, startBackend } from '@llm101/wasm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type ModelName,
  modelNames,
  prepareData,
  readModel,
  resolveSettings,
  runTraining,
  type RawSettings,
} from '../src/index.js';
import { textFacts, typescriptOf } from '../src/code/index.js';

const folder = mkdtempSync(join(tmpdir(), 'llm101-code-'));
const programs = join(fileURLToPath(new URL('..', import.meta.url)), 'dist', '.code');
const [names, prose] = [join(folder, 'names.txt'), join(folder, 'prose.txt')];

beforeAll(async () => {
  await startBackend({ relaxedSimd: true });
  mkdirSync(programs, { recursive: true });
  const text = (await loadText('names')).text.split('\n').slice(0, 300).join('\n');
  writeFileSync(names, text);
  writeFileSync(prose, 'To be, or not to be:\nthat is the question.\n'.repeat(20));
});
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;

/** What a program exports to be looked at. */
interface Program {
  readonly model: Module;
  readonly loss: number;
  /** What it prints. */
  readonly printed: readonly unknown[];
}

async function run(program: string): Promise<Program> {
  const path = join(programs, `program-${process.pid}-${count++}.ts`); // a module is loaded once
  writeFileSync(path, `${program}\nexport { model, loss };\n`);
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    const { model, loss } = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as Program;
    return { model, loss, printed: log.mock.calls.map(([first]) => first) };
  } finally {
    log.mockRestore();
    rmSync(path);
  }
}

const QUIET = { valInterval: 0, sampleInterval: 0, watchInterval: 0 };

/** What a program has otherwise than the run that it shows: weights by name, the loss on what is held out, samples. */
async function differences(line: string): Promise<string[]> {
  const own = flagsOf(line);
  const steps = own['epochs'] === undefined && { maxSteps: 12 };
  const asked = resolveSettings({ flags: { ...QUIET, ...steps, data: names, ...own } });
  const expected = await runTraining(asked, { compile, loadText });
  const data = await prepareData(asked, await loadText(asked.data));
  const program = await run(typescriptOf(expected.settings, textFacts(data)));
  const [weights, made] = [readModel(expected.model).tensors, stateDict(program.model)];
  program.model.dispose();
  const texts = asked.examples === 'lines' ? [expected.samples.join(' ')] : expected.samples;
  expect(Object.keys(made).sort()).toEqual(Object.keys(weights).sort());
  return [
    ...Object.keys(weights).filter((name) => !sameBytes(weights[name], made[name])),
    ...(program.loss === expected.evaluation.loss ? [] : ['loss']),
    ...(program.printed.slice(-texts.length).join('\n') === texts.join('\n') ? [] : ['samples']),
  ];
}

const sameBytes = (a: TensorData, b: TensorData): boolean =>
  Buffer.compare(bytesOf(a), bytesOf(b)) === 0;

const bytesOf = ({ data }: TensorData): Buffer =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** Sizes that train in a moment. */
const SMALL: Readonly<Record<ModelName, string>> = {
  mlp: '--model mlp --d-hidden 8',
  cnn: '--model cnn --d-hidden 8 --context-size 8',
  wavenet: '--model wavenet --d-hidden 8 --depth 3',
  gpt: '--model gpt --d-embed 8 --heads 2 --layers 1 --context-size 16',
  bigram: '--model bigram',
  gru: '--model gru --d-embed 4 --d-hidden 6 --context-size 16',
  lstm: '--model lstm --d-embed 4 --d-hidden 6 --context-size 16',
  megabyte: '--model megabyte --d-embed 8 --heads 2 --context-size 16',
};

const stream = `--data ${prose} --examples blocks`;
const gptOfStream = `${stream} ${SMALL.gpt}`;

/** Flags beside the defaults, by what they are about. */
const CASES: Readonly<Record<string, string>> = {
  'the lecture': '--data names --max-steps 50',
  'an MLP of all that it has':
    '--layers 3 --d-hidden 8 --activation tanh --bias none --batch-norm --residual --dropout 0.1 --init kaiming',
  'a normalised MLP': '--layer-norm --activation gelu --init xavier',
  'an MLP of the course': '--init randn --layers 2',
  'a deep WaveNet': `${SMALL.wavenet} --blocks 2 --layer-norm --dropout 0.2 --reshuffle --packed-rows 2 --packed-size 64 --shards 2`,
  'layers of LSTM': `${SMALL.lstm} --layers 2 --dropout 0.3 --accumulate 2`,
  'a modern GPT by Muon':
    `${SMALL.gpt} --positions rotary --norm rms --activation squared-relu --qk-norm --bias none --no-tied-head ` +
    '--optimizer muon --beta2 0.99 --clip-norm 1 --schedule linear --warmup-steps 20% ' +
    '--packed-size 64 --packed-rows 2 --reshuffle --shards 2',
  'a GPT as Llama has it':
    `${SMALL.gpt} --positions rotary --norm rms --activation swiglu --kv-heads 1 --d-ff 12 --projections separate ` +
    '--no-tied-head --bias none',
  "the course's GPT":
    `${gptOfStream} --dropout 0.1 --dropout-at attention,feed-forward --init pytorch --bias feed-forward,norm ` +
    '--no-tied-head --projections separate --clip-norm 1',
  'a GPT whose lines are longer than it sees': `${SMALL.gpt} --context-size 6`,
  'a MEGABYTE of three layers': `${stream} ${SMALL.megabyte} --layers 2 --patch-size 2 --d-ff 12 --dropout 0.1`,
  'SGD with momentum': '--momentum 0.9 --nesterov --weight-decay 0.01 --clip-norm 0.5',
  Adam: '--optimizer adam --lr 0.003 --beta1 0.8 --epsilon 0.000001',
  'AdamW on matrices': '--optimizer adamw --weight-decay 0.1 --decay-matrices',
  'Muon with an epsilon': '--layers 2 --optimizer muon --epsilon 0.000001 --muon-rate original',
  'Muon on matrices':
    '--layers 2 --optimizer muon --epsilon 0.000001 --decay-matrices --muon-momentum 0.8',
  'no schedule': '--optimizer schedule-free --lr 0.01 --warmup-steps 3',
  'a mean of weights': '--average-weights 0.9 --momentum 0.5',
  'a cosine': '--schedule cosine --warmup-steps 3 --decay-steps 10 --final-lr 0.001',
  'a cosine over passes': '--schedule cosine --warmup-steps 10% --epochs 0.2 --batch-size 64',
  'one cycle': '--schedule one-cycle --lr 0.5',
  steps: '--schedule step --step-size 4 --gamma 0.5 --warmup-steps 2',
  'blocks in passes': `${stream} --epochs 1.5 --order shuffled`,
  'blocks in order': `${stream} ${SMALL.gru} --order in-order --split lines`,
  'random blocks over passes': `${gptOfStream} --epochs 2`,
  "nanoGPT's validations": `${gptOfStream} --val-interval 4 --val-batches 3 --batch-size 4 --decay-matrices`,
  'a patience': '--val-interval 2 --patience 1 --min-delta 0.5 --lr 0.1',
  'a patience on some lines': `${SMALL.gru} --val-interval 3 --patience 2 --val-batches 1`,
  'lines that are split as different ones': '--distinct --val-size 0.25 --seed 7',
  'sequences that are': `${SMALL.wavenet} --distinct`,
  'answers of a toy task': '--data reverse:length=4,lines=80',
  'answers that a WaveNet learns': `--data sort:length=5,lines=80 ${SMALL.wavenet}`,
  'answers that a GPT learns from different lines': `--data addition:lines=80 ${SMALL.gpt} --distinct`,
  'answers that a GRU learns': `--data dyck:lines=80 ${SMALL.gru} --context-size 12`,
  'whole lines of a toy task': '--data parity:lines=80 --answer-after none',
  bytes: '--tokenizer bytes --normalize nfc',
  'bytes of a stream': `${stream} --tokenizer bytes`,
  'parts of words': `${SMALL.gpt} --tokenizer bpe --vocab-size 300`,
  'parts of words in a stream': `${stream} --tokenizer bpe --vocab-size 300`,
  graphemes: '--tokenizer graphemes --normalize nfc',
  'an alphabet': '--alphabet abcdefghijklmnopqrstuvwxyz',
  'an alphabet of a stream': `${gptOfStream} --tokenizer characters --alphabet auto`,
  'no compiler': '--no-compile --max-steps 3',
  'relaxed SIMD': '--relaxed-simd',
};

/** Flags as the command reads them, roughly. */
function flagsOf(line: string): RawSettings {
  const flags = line.matchAll(/--(no-)?([\w-]+)(?: (?!--)(\S+))?/g);
  return Object.fromEntries(
    Array.from(flags, ([, no, name, value]) => [
      name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
      value === undefined ? no === undefined : /^[\d.]+$/.test(value) ? Number(value) : value,
    ]),
  );
}

describe('a program in TypeScript trains the same model', { timeout: 120_000 }, () => {
  it.each(modelNames)('%s, of lines', async (model) => {
    expect(await differences(SMALL[model])).toEqual([]);
  });
  it.each(modelNames)('%s, of a stream', async (model) => {
    expect(await differences(`${stream} ${SMALL[model]} --context-size 8`)).toEqual([]);
  });
  it.each(Object.keys(CASES))('%s', async (name) => {
    expect(await differences(CASES[name])).toEqual([]);
  });
});
