// The commands as they are typed, in the shortest rounds.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { benchSection, compileGain } from '../../readme/src/bench-section.mjs';

const folder = mkdtempSync(join(tmpdir(), 'bench-commands-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SHORT = ['--rounds', '1', '--seconds', '0.01'];
const LIMIT_MS = 300_000; // with both cores busy

async function start(script: string, ...flags: readonly string[]): Promise<string> {
  const path = fileURLToPath(new URL(`../src/${script}`, import.meta.url));
  const env = { ...process.env, LLM101_PYTHON: 'no-such-python' };
  const { stdout } = await promisify(execFile)(process.execPath, [path, ...flags], { env });
  return stdout;
}

const run = (script: string, ...flags: readonly string[]): Promise<string> =>
  start(script, ...SHORT, ...flags);

it(
  'bench measures a workload, says who is missing and why, and writes what the README is made of',
  async () => {
    const json = join(folder, 'bench.json');
    const text = await run('main.mjs', '--only', 'mlp', '--json', json);
    expect(text).toMatch(/^llm101 \(on tfjs/m);
    expect(text).toMatch(/^PyTorch +not found: no-such-python$/m);
    const bench = JSON.parse(readFileSync(json, 'utf8'));
    expect(compileGain(bench)).toBeGreaterThan(0);
    const section = benchSection(bench);
    expect(section).toMatch(/^\| MLP, batch 32 \| [\d,]+ /m);
    expect(section).toMatch(/^- PyTorch, JAX jit: not found: no-such-python\.$/m);
  },
  LIMIT_MS,
);

it(
  'compare sets all threads beside one, or a checkout beside another',
  async () => {
    const threads = await run('compare.mjs', '--only', 'microgpt-8');
    expect(threads).toMatch(/^steps\/s +\d+ threads +one thread +ratio/m);
    const root = fileURLToPath(new URL('../../..', import.meta.url));
    const checkouts = await run('compare.mjs', '--only', 'microgpt-8', '--other', root);
    expect(checkouts).toMatch(/^steps\/s +this checkout +the other +ratio/m);
    expect(checkouts).toMatch(/^microgpt-8 .* 0\.0e\+0$/m);
  },
  LIMIT_MS,
);

it(
  'profile and memory look at one workload',
  async () => {
    expect(await start('profile.mjs', 'microgpt-8', '--steps', '2')).toMatch(
      /^everything else +JavaScript, tfjs +1 /m,
    );
    const memory = await start('memory.mjs', 'microgpt-8', '--batch', '2');
    expect(memory).toMatch(/^microgpt-8, 2 x 16; /);
    expect(memory).toMatch(/^arena +\d+ MiB$/m);
    for (const script of ['profile.mjs', 'memory.mjs']) {
      const failed = await start(script, 'mpl').catch((error: unknown) => error);
      expect(failed).toHaveProperty(
        'stderr',
        expect.stringMatching(/^bench: name one of mlp, .*; got mpl\n$/),
      );
    }
  },
  LIMIT_MS,
);

it(
  'refuses a name that it has not',
  async () => {
    const failed = await run('main.mjs', '--only', 'mpl').catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 1, stdout: '' });
    expect(failed).toHaveProperty(
      'stderr',
      expect.stringMatching(/^bench: --only takes mlp, .*; got mpl\n$/),
    );
    const flag = await run('compare.mjs', '--onyl', 'mlp').catch((error: unknown) => error);
    expect(flag).toHaveProperty(
      'stderr',
      expect.stringMatching(/^Unknown option '--onyl'[^\n]*\n$/),
    );
  },
  LIMIT_MS,
);
