// Programs that are shown to learners are run, and give what runTraining gives, byte for byte.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { loadText } from '@llm101/data/node';
import { stateDict, type Module } from '@llm101/models';
import type { TensorData } from '@llm101/safetensors';
import { compile, startBackend } from '@llm101/wasm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { prepareData, readModel, resolveSettings, runTraining } from '../src/index.js';
import { ALL, rawSettingsOf, textsOf } from './code-cases.mjs';
import { textFacts, typescriptOf } from '../src/code/index.js';

const folder = mkdtempSync(join(tmpdir(), 'llm101-code-'));
const programs = join(fileURLToPath(new URL('..', import.meta.url)), 'dist', '.code');

beforeAll(async () => {
  await startBackend({ relaxedSimd: true });
  mkdirSync(programs, { recursive: true });
  const texts = textsOf((await loadText('names')).text);
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
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

/** What a program has otherwise than the run that it shows: weights by name, the loss on what is held out, samples. */
async function differences(line: string): Promise<string[]> {
  const asked = resolveSettings({ flags: rawSettingsOf(line, folder) });
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

it.each(Object.entries(ALL))(
  'a program in TypeScript trains the same: %s',
  async (_, line) => {
    expect(await differences(line)).toEqual([]);
  },
  120_000,
);
