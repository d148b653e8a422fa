// origin.json: where a run comes from.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainingEvent } from '@llm101/training';
import { describe, expect, it } from 'vitest';
import { originFile } from '../src/run-folder/origin-file.js';
import { gitOf, type Origin, originOfNow } from '../src/run-folder/origin.js';
import { emptyFolder } from './llm101.js';

it('git says the commit, the branch, the remote, and whether a file differs', async () => {
  const folder = emptyFolder();
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
  expect(await gitOf(folder)).toBeUndefined();
  git('init', '--quiet', '--initial-branch', 'trunk');
  git('remote', 'add', 'origin', 'https://me:pa55@example.org/it.git');
  expect(await gitOf(folder)).toBeUndefined();
  writeFileSync(join(folder, 'a'), '1');
  git('add', 'a');
  const as = ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'commit.gpgsign=false'];
  git(...as, 'commit', '--quiet', '--no-verify', '--message', 'a');
  const commit = git('rev-parse', 'HEAD');
  const remote = 'https://***@example.org/it.git';
  const clean = { commit, branch: 'trunk', isDirty: false, remote };
  writeFileSync(join(folder, 'unknown to git'), '');
  expect(await gitOf(folder)).toEqual(clean);
  writeFileSync(join(folder, 'a'), '22');
  expect(await gitOf(folder)).toEqual({ ...clean, isDirty: true });
});

it('knows machine and versions', async () => {
  const { startedAt, machine, versions, command } = await originOfNow();
  expect(new Date(startedAt).toISOString()).toBe(startedAt);
  expect(machine.memoryBytes).toBeGreaterThan(1e6);
  expect(machine.cores).toBeGreaterThanOrEqual(1);
  expect(versions.node).toBe(process.versions.node);
  expect(command[0]).toBe('llm101');
});

describe('origin.json', () => {
  const origin: Origin = {
    startedAt: '2020-01-01T00:00:00.000Z',
    command: ['llm101', 'train'],
    versions: { llm101: '1', node: '20', tfjs: '4.22.0' },
    machine: { os: 'Linux', arch: 'x64', cores: 2, usableCores: 2, memoryBytes: 1 },
  };
  const read = (path: string): { sessions: object[] } =>
    JSON.parse(readFileSync(path, 'utf8')) as { sessions: object[] };
  const start = (step: number): TrainingEvent => ({ type: 'start', step, maxSteps: 9 });
  const end: TrainingEvent = { type: 'end', step: 9, reason: 'finished' };

  it('has a session for the start and one for each time that the run is resumed', () => {
    const path = join(emptyFolder(), 'origin.json');
    originFile(path, origin, false)(start(0)); // killed
    const resumed = originFile(path, origin, true);
    resumed(start(4));
    expect(read(path).sessions.at(1)).toEqual({ ...origin, fromStep: 4 });
    resumed(end);
    const [first, second, ...more] = read(path).sessions;
    expect(first).toEqual({ ...origin, fromStep: 0 });
    expect(second).toMatchObject({ fromStep: 4, step: 9, reason: 'finished' });
    expect(second).toHaveProperty('durationMs', expect.any(Number));
    expect(second).toHaveProperty('endedAt', expect.stringMatching(/Z$/));
    expect(more).toEqual([]);
  });

  it('keeps the first session and the latest ones, and begins anew where it is damaged', () => {
    const path = join(emptyFolder(), 'origin.json');
    const many = Array.from({ length: 300 }, (_, fromStep) => ({ fromStep }));
    writeFileSync(path, JSON.stringify({ sessions: many }));
    originFile(path, origin, true)(start(300));
    const { sessions } = read(path);
    expect(sessions).toHaveLength(200);
    expect(sessions.map((one) => 'fromStep' in one && one.fromStep).slice(0, 3)).toEqual([
      0, 102, 103,
    ]);
    writeFileSync(path, '{"sessions":');
    originFile(path, origin, true)(start(1));
    expect(read(path).sessions).toHaveLength(1);
  });
});
