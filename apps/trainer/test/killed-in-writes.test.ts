// A few of the kills that `npm run kill-test` tries: each within a call that changes a file, half of which is then written.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { emptyFolder, ended, RUN_FILES, start, succeed, untimed } from './llm101.js';

const killAtWrite = new URL('../../../tools/kill-test/src/kill-at-write.mjs', import.meta.url);
const env = (call: number) => ({
  NODE_OPTIONS: `--import=${fileURLToPath(killAtWrite)}`,
  KILL_AT_WRITE: String(call),
});

it('a run that is killed within a write ends as one that never was, and leaves nothing half-written', async () => {
  const folder = emptyFolder();
  const data = join(folder, 'names.txt');
  writeFileSync(
    data,
    `${Array.from({ length: 60 }, (_, i) => 'abcdefgh'.slice(i % 4, 4 + (i % 5))).join('\n')}\n`,
  );
  const flags =
    '--max-steps 40 --val-interval 10 --log-interval 5 --checkpoint-interval 10 --sample-interval 20';
  const args = ['train', ...flags.split(' '), '--optimizer', 'adam', '--data', data, '--run-dir'];
  const straight = join(folder, 'straight');
  const whole = await ended(start([...args, straight], { env: env(0) }));
  const calls = Number(/(\d+) calls change files/.exec(whole.stderr)?.[1]);
  expect(calls).toBeGreaterThan(20);

  let resumed = 0;
  for (const part of [0.2, 0.45, 0.7, 0.95]) {
    const runDir = join(folder, `run-${part}`);
    const { status } = await ended(
      start([...args, runDir], { env: env(Math.round(part * calls)) }),
    );
    expect([null, 0]).toContain(status); // the number of calls is not quite the same each time
    const begun = existsSync(join(runDir, 'config.json'));
    if (begun) resumed++;
    await succeed(...(begun ? ['train', '--resume', runDir] : [...args, runDir]));
    const file = (run: string, name: string): Buffer => readFileSync(join(run, name));
    expect(file(runDir, 'model.safetensors').equals(file(straight, 'model.safetensors'))).toBe(
      true,
    );
    expect(untimed(runDir)).toBe(untimed(straight));
    expect(file(runDir, 'samples.jsonl').equals(file(straight, 'samples.jsonl'))).toBe(true);
    expect(readdirSync(runDir).sort()).toEqual(RUN_FILES);
    expect(
      readdirSync(join(runDir, 'checkpoints')).filter(
        (name) => !/^step-\d+\.safetensors$/.test(name),
      ),
    ).toEqual([]);
  }
  expect(resumed).toBeGreaterThan(1);
});
