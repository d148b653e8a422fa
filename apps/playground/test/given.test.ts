import {
  modelNames,
  prepareData,
  readModel,
  resolveSettings,
  Run,
  runTraining,
} from '@llm101/runs';
import { loadText } from '@llm101/data';
import { compile, startBackend } from '@llm101/wasm';
import { zipSync } from 'fflate';
import { beforeAll, expect, it } from 'vitest';
import { give } from '../src/worker/requests/runs/give.js';

beforeAll(() => startBackend());

const small = {
  dEmbed: 8,
  dHidden: 8,
  contextSize: 8,
  packedSize: 64,
  maxSteps: 2,
  valInterval: 0,
};

const cases = [
  ...modelNames.map((model) => ({ model })),
  { model: 'mlp', layers: 2, bias: 'none' },
  { model: 'gpt', dropout: 0.1, dropoutAt: 'attention,residual', bias: 'none' },
] as const;

it.each(cases)('a model that comes alone says what another run needs: %o', async (flags) => {
  const settings = resolveSettings({ flags: { ...only(flags.model), ...flags } });
  const { model: file } = await runTraining(settings, { compile, samples: 0 });
  const files = [{ path: 'a model.bin', file: new Blob([file]) }];
  const { output } = await give({ files });
  if (output.kind !== 'model') throw new Error(output.kind);
  const { initial } = output.basis;
  const next = resolveSettings({
    flags: { ...output.flags, initFrom: 'it' },
    initial: { path: 'it', settings: initial?.settings ?? {} },
  });
  const data = await prepareData(next, await loadText('names'));
  const run = new Run(next, data, compile, readModel(file));
  expect(run.config).toEqual(readModel(file).config);
  run.dispose();
});

const givenFile = (path: string, content: string | Uint8Array<ArrayBuffer>) => ({
  path,
  file: new Blob([content]),
});

it('a tokenizer alone is no text to learn from', async () => {
  const json = JSON.stringify({ version: '1.0', truncation: null, added_tokens: [], model: {} });
  await expect(give({ files: [givenFile('tokenizer.json', json)] })).rejects.toThrow(
    'tokenizer.json is a tokenizer, and no text; give it with the run',
  );
  const { output } = await give({ files: [givenFile('some.json', '{"version": 3}\n{}\n')] });
  expect(output.kind).toBe('text');
});

it('a run that has a model and no checkpoint says that it begins anew', async () => {
  const settings = resolveSettings({ flags: { ...only('mlp') } });
  const { model: file } = await runTraining(settings, { compile, samples: 0 });
  const files = [givenFile('run/config.json', JSON.stringify(settings))];
  const begun = await give({ files });
  expect(begun.output).toMatchObject({ kind: 'run', step: 0, warnings: [] });
  files.push(givenFile('run/model.safetensors', file));
  const { output } = await give({ files });
  expect(output).toMatchObject({
    kind: 'run',
    step: 0,
    warnings: [expect.stringContaining('so it begins at step 0')],
  });
});

function only(model: string): Record<string, unknown> {
  const flags: Record<string, unknown> = { ...small };
  for (;;) {
    try {
      resolveSettings({ flags: { ...flags, model } });
      return flags;
    } catch (error) {
      const { keys = [] } = error as { readonly keys?: readonly string[] };
      const key = keys.find((one) => one in flags);
      if (key === undefined) throw error;
      delete flags[key];
    }
  }
}

/** A zip of one file of a hundred bytes whose directory claims another size. */
function claiming(bytes: number): Uint8Array<ArrayBuffer> {
  const zip = new Uint8Array(zipSync({ 'run/config.json': new Uint8Array(100) }));
  const view = new DataView(zip.buffer);
  const entry = Array.from(zip.keys()).findLast(
    (at) => at + 46 < zip.length && view.getUint32(at, true) === 0x02014b50,
  );
  view.setUint32((entry ?? 0) + 24, bytes, true);
  return zip;
}

it('an archive gets no memory for what it claims and does not hold', async () => {
  const files = [{ path: 'some.zip', file: new Blob([claiming(2 ** 30 - 1)]) }];
  await expect(give({ files })).rejects.toThrow('run/config.json is smaller than it claims');
});
