// The built page leaves kernels and gradients of TensorFlow.js out: nothing that its form offers may ask for one.
import { loadText } from '@llm101/data';
import {
  isRead,
  modelNames,
  prepareData,
  resolveLeniently,
  Run,
  settingForm,
  settingKeys,
} from '@llm101/runs';
import { compile, startBackend } from '@llm101/wasm';
import {
  getKernel,
  registerKernel,
  unregisterGradient,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { GRADIENTS_LEFT_OUT, KERNELS_LEFT_OUT } from '../scripts/left-out.js';
import type { RequestName, Requests } from '../src/protocol.js';
import { answer } from '../src/worker/requests/index.js';

beforeAll(async () => {
  await startBackend();
  for (const kernelName of KERNELS_LEFT_OUT) {
    const known = getKernel(kernelName, 'wasm');
    unregisterKernel(kernelName, 'wasm');
    const kernelFunc = (): never => {
      throw new Error(`${kernelName} is left out`);
    };
    registerKernel({ ...known, kernelFunc });
  }
  for (const name of GRADIENTS_LEFT_OUT) unregisterGradient(name);
});

type Flags = Readonly<Record<string, string | number | boolean>>;

const SMALL: Flags = { maxSteps: 2, valInterval: 2, sampleInterval: 2 };

/** Of the text: enough for a batch. */
const CHARACTERS = 2000;

/** The settings of a model as they come, and with each other choice of each setting that it reads. */
function offered(model: string): Flags[] {
  const base = { ...SMALL, model };
  const { settings } = resolveLeniently({ flags: base });
  const others = settingKeys
    .filter((key) => isRead(key, settings) && !['model', 'preset', 'growVocabulary'].includes(key))
    .map((key) => settingForm(key, settings))
    .filter(({ group }) => group === (model === 'bigram' ? 'optimizer' : 'model'))
    .flatMap((form): Flags[] => {
      const { key } = form;
      if (form.control === 'choice') return form.choices.map(({ value }) => ({ [key]: value }));
      if (form.control === 'switch') return [{ [key]: true }, { [key]: false }];
      return [];
    });
  const choices: Flags[] = [base, { ...base, dropout: 0.1 }];
  for (const other of others) choices.push({ ...base, ...other });
  return choices.filter((flags) => resolveLeniently({ flags }).problems.length === 0);
}

const job = { signal: new AbortController().signal, tell: () => {} };

const ask = async <Name extends RequestName>(
  run: Run,
  name: Name,
  input: Requests[Name]['input'],
): Promise<unknown> => (await answer(run, { name, input }, job)).output;

describe('what the built page leaves out', () => {
  it.each(modelNames)('is asked for by no choice of a %s, nor by a look into it', async (model) => {
    const names = await loadText('names');
    const text = { ...names, text: names.text.slice(0, CHARACTERS) };
    const choices = offered(model);
    expect(choices).not.toEqual([]);
    for (const [i, flags] of choices.entries()) {
      const { settings } = resolveLeniently({ flags });
      const run = new Run(settings, await prepareData(settings, text), compile);
      await run.train({});
      if (i === 0) {
        const drawing = { temperature: 1, topK: undefined, topP: 1, seed: 1 };
        await ask(run, 'next', { text: 'em', drawing, drawn: [] });
        await ask(run, 'seen', { line: 'em' });
        await ask(run, 'activity', undefined);
        await ask(run, 'batch', undefined);
      }
      run.dispose();
    }
  });
});
