// A run folder that is named in other ways, or holds what no run has put there.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { emptyFolder, errorOf, RUN_FILES, start, ended, succeed } from './llm101.js';

const SHORT =
  'train --max-steps 6 --val-interval 0 --sample-interval 0 --checkpoint-interval 3 --log csv,wandb --run-dir'.split(
    ' ',
  );

const made = mkdtempSync(join(tmpdir(), 'llm101-odd-'));
beforeAll(async () => {
  vi.stubEnv('WANDB_MODE', 'offline');
  await succeed(...SHORT, join(made, 'run'));
});
afterAll(() => rmSync(made, { recursive: true }));

/** A run that has ended, in a folder of its own. */
function finished(): string {
  const runDir = join(emptyFolder(), 'run');
  cpSync(join(made, 'run'), runDir, { recursive: true });
  return runDir;
}

describe('--run-dir', () => {
  const names: readonly [string, string][] = [
    ['with a separator at its end', 'run/'],
    ['with several', 'run//'],
    ['with dots', './other/../run/.'],
    ['with a space, a quote and other letters', "mon été's 訓練"],
    ['of several folders', 'a/b/c/'],
  ];
  it.each(names)('%s is used again, and the earlier run moved', async (_, name) => {
    const folder = emptyFolder();
    mkdirSync(join(folder, 'other'));
    const runDir = relative(process.cwd(), folder) + '/' + name;
    for (let n = 0; n < 2; n++) await succeed(...SHORT.slice(0, -3), '--run-dir', runDir);
    const path = join(folder, name.replace(/[/.]*$/, ''));
    expect(readdirSync(path).sort()).toEqual(RUN_FILES);
    expect(readdirSync(`${path}.1`).sort()).toEqual(RUN_FILES);
    const { stdout } = await succeed('train', '--resume', runDir, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      step: 6,
      runDir: expect.not.stringMatching(/\/$/) as unknown,
    });
  });
  it('is refused where the command runs inside', async () => {
    const runDir = finished();
    for (const name of ['.', './', '..', runDir]) {
      const cwd = name === '..' ? join(runDir, 'checkpoints') : runDir;
      const { status, stderr } = await ended(start([...SHORT, name], { cwd }));
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /can't be moved while the command runs inside it; choose another with --run-dir/,
      );
    }
  });
});

const odd: Readonly<Record<string, (path: string) => void>> = {
  'a folder': (path) => mkdirSync(path),
  'a pipe': (path) => spawnSync('mkfifo', [path]),
  'a link to itself': (path) => symlinkSync(path, path),
  'a large file': (path) => {
    writeFileSync(path, '');
    truncateSync(path, 2 ** 33);
  },
};

describe.skipIf(process.platform === 'win32')('a run that holds', () => {
  it.each(['a folder', 'a pipe', 'a link to itself', 'a large file'])(
    '%s in place of its lock is refused, again and again',
    async (kind) => {
      const runDir = finished();
      odd[kind](join(runDir, 'run.lock'));
      for (const args of [
        ['train', '--resume', runDir],
        [...SHORT, runDir],
      ]) {
        expect(await errorOf(1, ...args)).toMatch(
          /^the run folder .*run can't be locked: .*run\.lock must be a file that a run writes, and it .*; delete it, or choose another with --run-dir$/,
        );
      }
      expect(existsSync(`${runDir}.1`)).toBe(false);
    },
  );
  it.each([
    ['metrics.jsonl', 'a pipe', 'a file'],
    ['model.safetensors', 'a folder', 'a file'],
    ['statistics.jsonl', 'a link to itself', 'a file'],
    ['checkpoints', 'a large file', 'a folder'],
    ['wandb', 'a pipe', 'a folder'],
  ])('in place of %s %s is not resumed, and says why', async (name, kind, what) => {
    const runDir = finished();
    rmSync(join(runDir, name), { recursive: true });
    odd[kind](join(runDir, name));
    expect(await errorOf(1, 'train', '--resume', runDir)).toMatch(
      new RegExp(
        `${name} must be ${what} that the run can read and write: .*; put it right, or move it away$`,
      ),
    );
    expect(readdirSync(runDir)).not.toContain('run.lock');
  });
  it.each(['a folder', 'a pipe', 'a link to itself'])(
    '%s in place of its config.json is no run',
    async (kind) => {
      const runDir = finished();
      rmSync(join(runDir, 'config.json'));
      odd[kind](join(runDir, 'config.json'));
      expect(await errorOf(1, 'train', '--resume', runDir)).toMatch(/config\.json/);
      expect(await errorOf(1, ...SHORT, runDir)).toMatch(
        /no config\.json of a run; choose another/,
      );
    },
  );
  it('checkpoints of which some are odd is resumed from the others', async () => {
    const runDir = finished();
    const checkpoints = join(runDir, 'checkpoints');
    const before = readFileSync(join(runDir, 'model.safetensors'));
    mkdirSync(join(checkpoints, 'step-00000009.safetensors'));
    spawnSync('mkfifo', [join(checkpoints, 'step-00000008.safetensors')]);
    writeFileSync(join(checkpoints, 'step-00000007.safetensors'), '');
    const { stdout, stderr } = await succeed('train', '--resume', runDir);
    for (const step of [7, 8, 9])
      expect(stderr).toContain(`checkpoint step-0000000${step}.safetensors can't be used: `);
    expect(stdout).toContain('resumes after step 6\n');
    expect(readFileSync(join(runDir, 'model.safetensors')).equals(before)).toBe(true);
  });
});

describe('what a run leaves that is killed while it writes', () => {
  const litter = [
    'config.json.part',
    'model.safetensors.part',
    'metrics.jsonl.part',
    'report.html.part',
    'fingerprint.json.part',
    'origin.json.part',
    'metrics.csv.part',
    'wandb/run.json.part',
    'wandb/state.json.part',
    'checkpoints/step-00000009.safetensors.part',
  ];
  const litterIn = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.part'),
    );

  it('is gone after the next start', async () => {
    const runDir = finished();
    for (const name of litter) writeFileSync(join(runDir, name), '');
    writeFileSync(join(runDir, 'mine.part'), ''); // not the run's
    await succeed('train', '--resume', runDir);
    expect(litterIn(runDir)).toEqual(['mine.part']);
    for (const name of litter) writeFileSync(join(runDir, name), 'cut sh');
    await succeed(...SHORT, runDir);
    expect(litterIn(runDir)).toEqual([]);
    expect(litterIn(`${runDir}.1`)).toEqual(['mine.part']);
  });
  it('is no run where nothing else is there', async () => {
    const runDir = join(emptyFolder(), 'run');
    mkdirSync(runDir);
    writeFileSync(join(runDir, 'config.json.part'), '');
    writeFileSync(join(runDir, 'run.lock.00000000-0000-4000-8000-000000000000'), '');
    await succeed(...SHORT.slice(0, -3), '--run-dir', runDir);
    expect(existsSync(`${runDir}.1`)).toBe(false);
    expect(litterIn(runDir)).toEqual([]);
  });
});
