// A run that begins in Node, goes on in a page and ends in Node, by the packages' public functions.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeCheckpoint, exportCheckpoint, importCheckpoint } from '@llm101/training';
import type { CheckpointStore, TrainingListener } from '@llm101/training';
import { fileStore } from '@llm101/training/node';
import { compile, startBackend } from '@llm101/wasm';
import { beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { defaultSettings, modelNames, runTraining, settingsSchema } from '../src/index.js';
import type { RunTrainingOptions, Settings } from '../src/index.js';
import { memoryStore } from './memory-store.js';

beforeAll(() => startBackend());

const text = 'anna\nberta\ncarla\ndora\nemma\nfrieda\ngerda\nhanna\nida\njulia\n';
const options: RunTrainingOptions = {
  compile,
  samples: 0,
  loadText: async (name) => ({ name, text, characters: text.length, sha256: '0'.repeat(64) }),
};

/** Trains until a step, as where a user stops it. */
async function trainUntil(step: number, settings: Settings, store: CheckpointStore) {
  const controller = new AbortController();
  const stop: TrainingListener = (event) => {
    if (event.type === 'step' && event.step === step) controller.abort();
  };
  const { signal } = controller;
  return runTraining(settings, { ...options, store, signal, listeners: [stop] });
}

it.each(modelNames)('a run of %s ends with the bytes of one that stayed at home', async (model) => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const root = mkdtempSync(join(tmpdir(), 'llm101-moving-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const [stayed, moved] = ['stayed', 'moved'].map((name) => join(root, name));
  const settings = settingsSchema.parse({
    ...defaultSettings,
    model,
    contextSize: 8,
    dEmbed: 4,
    dHidden: 8,
    packedSize: 64,
    optimizer: 'adam',
    reshuffle: true,
    maxSteps: 24,
    valInterval: 8,
    checkpointInterval: 5,
  });
  const whole = await runTraining(settings, { ...options, store: fileStore(stayed) });

  const [home, page] = [fileStore(moved), memoryStore()];
  await trainUntil(7, settings, home);
  const out = await exportCheckpoint(home);
  expect(out?.step).toBe(7);
  await importCheckpoint(page, out?.bytes ?? new Uint8Array());
  // The page knows the settings by the checkpoint, and has the text somewhere else.
  const { config } = decodeCheckpoint(out?.bytes ?? new Uint8Array());
  const there = { ...settingsSchema.parse(config), data: 'https://a.example/names.txt' };
  const { checkpoints } = await trainUntil(16, there, page);
  expect(checkpoints).toMatchObject({ failed: 0, lastStep: 16 });
  const back = await exportCheckpoint(page);
  expect(await importCheckpoint(home, back?.bytes ?? new Uint8Array())).toMatchObject({ step: 16 });
  const ended = await runTraining(settings, { ...options, store: home });

  expect(ended.model).toEqual(whole.model);
  expect(ended.evaluation).toEqual(whole.evaluation);
  const [last] = readdirSync(stayed).sort().slice(-1);
  expect(readFileSync(join(moved, last)).equals(readFileSync(join(stayed, last)))).toBe(true);
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});
