// A signal is heard at every stage of a run, which says what is saved.
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import {
  emptyFolder,
  ended,
  metricsOf,
  RUN_FILES,
  start,
  succeed,
  until,
  untilLogged,
} from './llm101.js';

it('before training: nothing is left', async () => {
  let hear = (): void => {};
  const asked = new Promise<void>((resolve) => (hear = resolve));
  const server = createServer(() => hear()); // never answers
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const folder = emptyFolder();
  const args = ['train', '--data', `http://127.0.0.1:${port}/`, '--run-dir', join(folder, 'run')];
  const child = start(args);
  const end = ended(child);
  await asked;
  child.kill('SIGINT');
  const { status, stdout } = await end;
  expect(status).toBe(130);
  expect(stdout).toMatch(/\nstopped before training; nothing is saved\n$/);
  expect(readdirSync(folder)).toEqual([]);
});

it('twice at once, as npm passes it on: the model is saved all the same', async () => {
  const runDir = join(emptyFolder(), 'run');
  const args = 'train --max-steps 100000000 --d-hidden 1024 --log-interval 10 --run-dir'.split(' ');
  const child = start([...args, runDir]);
  const end = ended(child);
  await untilLogged(runDir, child);
  child.kill('SIGINT');
  await new Promise((resolve) => setTimeout(resolve, 10));
  child.kill('SIGINT');
  const { status, stdout } = await end;
  expect(status).toBe(130);
  const { step } = metricsOf(runDir).at(-1) ?? { step: 0 };
  expect(stdout).toContain(`stopped after step ${step}; the model is saved in ${runDir};`);
  expect(readdirSync(runDir).sort()).toEqual(RUN_FILES);
});

it.each([
  ['while the model is saved', 'model.safetensors.part', 'SIGINT', 130],
  ['in the closing validation', 'model.safetensors', 'SIGTERM', 143],
] as const)('%s: the model stays', async (_, file, signal, expected) => {
  const runDir = join(emptyFolder(), 'run');
  const args = 'train --max-steps 1 --val-size 0.9 --d-hidden 4000 --no-compile --run-dir'.split(
    ' ',
  );
  const child = start([...args, runDir]);
  const end = ended(child);
  const [path, whole] = [file, 'model.safetensors'].map((name) => join(runDir, name));
  await until(() => existsSync(path) || existsSync(whole), child);
  child.kill(signal);
  const { status, stdout } = await end;
  expect(status).toBe(expected);
  // The shorter a stage, the likelier that the signal comes in the next one.
  expect(stdout).toMatch(
    /\nstopped (after step 1|in the closing validation); the model is saved in /,
  );
  expect(readdirSync(runDir).sort()).toEqual(RUN_FILES);
  await succeed('sample', '--run-dir', runDir, '--count', '1');
});
