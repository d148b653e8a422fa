// Training on several threads by the command: what ends it, what it says, and what resumes it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  emptyFolder,
  ended,
  errorOf,
  metricsOf,
  onlyError,
  start,
  succeed,
  untilLogged,
  untimed,
} from './llm101.js';

const FLAGS =
  'train --model cnn --d-hidden 8 --batch-size 8 --log-interval 5 --val-interval 50 --sample-interval 0 --checkpoint-interval 20 --optimizer adamw --shards 2'.split(
    ' ',
  );
const modelOf = (runDir: string): Buffer => readFileSync(join(runDir, 'model.safetensors'));
const configOf = (runDir: string): unknown =>
  JSON.parse(readFileSync(join(runDir, 'config.json'), 'utf8'));

/** A run on two threads that is long enough for something to happen to it. */
const LONG = [...FLAGS, '--workers', '2', '--max-steps', '1000000'];

describe('a run on two threads', () => {
  it('says so, keeps its shards, and has the losses and weights of one thread', async () => {
    const folder = emptyFolder();
    const [one, two] = ['one', 'two'].map((name) => join(folder, name));
    const args = [...FLAGS, '--max-steps', '60', '--run-dir'];
    const alone = await succeed(...args, one, '--workers', '1');
    const together = await succeed(...args, two, '--workers', '2');
    expect(alone.stdout).toMatch(/^shards 2, workers 1 \(of \d+ cores?\)$/m);
    expect(together.stdout).toMatch(/^shards 2, workers 2 \(of \d+ cores?\)$/m);
    expect(modelOf(two)).toEqual(modelOf(one));
    expect(untimed(two)).toEqual(untimed(one));
    expect(configOf(two)).toMatchObject({ shards: 2, workers: 2, accumulate: 1 });
    expect((await succeed('verify', two)).stdout).toContain('60 steps are equal bit for bit');
    const { stdout } = await succeed('verify', one, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ isSame: true, shards: 2 });
    // other threads, but no other shards
    await succeed('train', '--resume', two, '--max-steps', '70', '--workers', '1', '--quiet');
    expect(await errorOf(2, 'train', '--resume', two, '--shards', '4')).toContain(
      '--shards is 2, not 4',
    );
    expect(metricsOf(two).at(-1)?.step).toBe(70);
  });

  it('stops at a signal, and resumes to the bytes of an unbroken one', async () => {
    const runDir = join(emptyFolder(), 'run');
    const child = start([...LONG, '--run-dir', runDir]);
    const end = ended(child);
    await untilLogged(runDir, child);
    child.kill('SIGINT');
    const { status, stdout } = await end;
    expect(status).toBe(130);
    const { step } = metricsOf(runDir).at(-1) ?? { step: 0 };
    expect(stdout).toContain(`stopped after step ${step}; the model is saved in ${runDir};`);
    const maxSteps = String(step + 30);
    await succeed('train', '--resume', runDir, '--max-steps', maxSteps, '--quiet');
    const straight = join(emptyFolder(), 'run');
    const args = ['--max-steps', maxSteps, '--workers', '1', '--quiet', '--run-dir', straight];
    await succeed(...FLAGS, ...args);
    expect(modelOf(runDir)).toEqual(modelOf(straight));
  });

  it('fails where a thread ends, says how to go on, and goes on', async () => {
    const runDir = join(emptyFolder(), 'run');
    const hook = fileURLToPath(new URL('end-a-thread.mjs', import.meta.url));
    const first = join(runDir, 'checkpoints', 'step-00000020.safetensors');
    const env = { NODE_OPTIONS: `--import=${hook}`, END_A_THREAD_AT: first };
    const error = onlyError(
      1,
      await ended(start([...LONG, '--quiet', '--run-dir', runDir], { env })),
    );
    expect(error).toMatch(/^the run stopped after step \d+: worker 1 has ended by itself, with /);
    expect(error).toContain(`; llm101 train --resume ${runDir} resumes from the newest checkpoint`);
    expect(error).toContain(`the model of that step is saved as ${runDir}/model.safetensors`);
    const { step } = metricsOf(runDir).at(-1) ?? { step: 0 };
    const maxSteps = String(step + 30);
    await succeed('train', '--resume', runDir, '--max-steps', maxSteps, '--quiet');
    const straight = join(emptyFolder(), 'run');
    const args = ['--max-steps', maxSteps, '--workers', '1', '--quiet', '--run-dir', straight];
    await succeed(...FLAGS, ...args);
    expect(modelOf(runDir)).toEqual(modelOf(straight));
  });
});
