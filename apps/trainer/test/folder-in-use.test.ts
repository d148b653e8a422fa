// Two runs, one folder: neither may write into what the other has.
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { LOCK_FILE } from '@llm101/training/node';
import { describe, expect, it } from 'vitest';
import {
  emptyFolder,
  ended,
  errorOf,
  metricsOf,
  RUN_FILES,
  start,
  succeed,
  untilLogged,
} from './llm101.js';

const ENDLESS = 'train --max-steps 100000000 --val-interval 0 --log-interval 10 --run-dir'.split(
  ' ',
);
const SHORT = 'train --max-steps 20 --val-interval 0 --log-interval 10 --run-dir'.split(' ');

describe('a run folder in use', () => {
  it('is refused to other runs until its run has ended', async () => {
    const runDir = join(emptyFolder(), 'run');
    const child = start([...ENDLESS, runDir]);
    const end = ended(child);
    await untilLogged(runDir, child);
    expect(await errorOf(1, ...SHORT, runDir)).toMatch(
      new RegExp(
        `in use by another run \\(process ${child.pid} on .*\\); wait for its end, choose another`,
      ),
    );
    expect(existsSync(`${runDir}.1`)).toBe(false);
    child.kill('SIGINT');
    expect((await end).status).toBe(130);
    expect(readdirSync(runDir).sort()).toEqual(RUN_FILES);
    await succeed(...SHORT, runDir);
    expect(readdirSync(`${runDir}.1`).sort()).toEqual(RUN_FILES);
  });

  it('is free again when its run was killed', async () => {
    const runDir = join(emptyFolder(), 'run');
    const child = start([...ENDLESS, runDir]);
    const end = ended(child);
    await untilLogged(runDir, child);
    child.kill('SIGKILL');
    await end;
    expect(readdirSync(runDir)).toContain(LOCK_FILE);
    await succeed(...SHORT, runDir);
    expect(readdirSync(runDir).sort()).toEqual(RUN_FILES);
    const moved = readdirSync(`${runDir}.1`);
    expect(moved).toContain('metrics.jsonl');
    expect(moved).not.toContain('model.safetensors');
    expect(moved).not.toContain(LOCK_FILE);
  });

  it('that is moved away ends its run, which touches nothing of the next one', async () => {
    const folder = emptyFolder();
    const [runDir, moved, rescued] = ['run', 'moved', 'tmp'].map((name) => join(folder, name));
    mkdirSync(rescued);
    const child = start([...ENDLESS, runDir], { env: { TMPDIR: rescued } });
    const end = ended(child);
    await untilLogged(runDir, child);
    child.kill('SIGSTOP');
    renameSync(runDir, moved);
    await succeed(...SHORT, runDir);
    child.kill('SIGCONT');
    const { status, stderr } = await end;
    expect(status).toBe(1);
    expect(stderr).toMatch(/run folder .* has been moved, deleted or unlocked; leave it in place/);
    expect(metricsOf(runDir).map(({ step }) => step)).toEqual([10, 20]);
    expect(readdirSync(runDir).sort()).toEqual(RUN_FILES);
    expect(stderr).toMatch(
      /the model of that step is saved as .*tmp\/llm101-\w+\/model\.safetensors\n$/,
    );
  });
});
