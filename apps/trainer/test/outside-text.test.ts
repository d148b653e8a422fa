// Texts, names and settings from elsewhere that would command a terminal or forge a line: each command shows them instead.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it, vi } from 'vitest';
import { makeOutput } from '../src/terminal/output.js';
import { emptyFolder, ended, llm101, start, succeed } from './llm101.js';

const TITLE = '\u001B]0;PWNED\u0007';

/** A line of each kind of character, so that a split in halves has them on both sides. */
const LINES = [
  TITLE,
  'a\u009B31mb',
  'c\u202Ed\u2066',
  'e\u2028f\u0085',
  'g\u007F\u200Bh\uFEFF',
  'i\rj',
];
const HOSTILE = LINES.flatMap((line) => [`${line}x`, `${line}y`, `x${line}`, `y${line}`]).join(
  '\n',
);

/** What no command may write, besides the line breaks between its lines. */
const OBEYED = /[^\P{Cc}\n]|[\p{Bidi_Control}\u2028\u2029\u200B\uFEFF]/u;

function expectShown({ stdout, stderr }: { stdout: string; stderr: string }): void {
  expect(OBEYED.exec(stdout)?.[0]).toBeUndefined();
  expect(OBEYED.exec(stderr)?.[0]).toBeUndefined();
}

afterEach(() => vi.restoreAllMocks());

it('a text of escapes is shown by each command; samples are raw in a pipe alone', async () => {
  const folder = emptyFolder();
  const data = join(folder, `${TITLE}\u202E.txt`);
  writeFileSync(data, HOSTILE);
  const runDir = join(folder, `run\u009B\nllm101: forged`);
  const text = ['--data', data, '--alphabet', 'auto'];
  const sizes = '--max-steps 20 --batch-size 4 --d-hidden 4 --val-size 0.4 --val-interval 10'.split(
    ' ',
  );
  const trained = await succeed('train', ...text, ...sizes, '--run-dir', runDir);
  expectShown(trained);
  expect(trained.stdout).toContain('␛]0;PWNED␇');
  expect(trained.stdout).not.toMatch(/^llm101: forged/m);

  const shown = [
    'data --rows 9',
    'entropy --order 2',
    'denoise --order 2 --rate 0.5',
    'lr-find --steps 9',
  ];
  for (const command of shown) {
    const flags = command.startsWith('lr-find') ? [] : ['--val-size', '0.4'];
    const result = await llm101(...command.split(' '), ...text, ...flags);
    expect([command, result.status, result.stderr]).toEqual([command, 0, expect.any(String)]);
    expectShown(result);
  }
  const words = [`x${TITLE}`];
  expectShown(await succeed('entropy', ...text, '--order', '2', '--surprisal', ...words));
  expectShown(await succeed('denoise', ...text, '--order', '2', ...words));
  for (const command of ['evaluate --run-dir', 'verify', 'report', 'sample --json --run-dir']) {
    expectShown(await succeed(...command.split(' '), runDir));
  }
  const page = readFileSync(join(runDir, 'report.html'), 'utf8');
  const scripts = (page.match(/<script[^>]*>/g) ?? []).filter(
    (tag) => !tag.includes('application/json'),
  );
  expect(scripts).toEqual(['<script>']); // its own, which its policy names

  const raw = await succeed('sample', '--run-dir', runDir, '--count', '50');
  const { stdout: json } = await succeed('sample', '--run-dir', runDir, '--count', '50', '--json');
  const { texts } = JSON.parse(json) as { texts: string[] };
  expect(raw.stdout).toBe(`${texts.join('\n')}\n`);
  expect(raw.stdout).toMatch(OBEYED);
});

it('errors, settings and prompts quote nothing as it is', async () => {
  const folder = emptyFolder();
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify({ [`a${TITLE}`]: '\u202E\nllm101: forged' }));
  const bad = [
    ['train', '--config', config],
    ['train', '--data', `${TITLE}\nllm101: forged`],
    ['train', '--model', `\u009B\u202E`],
    ['train', `--${TITLE}`],
    [TITLE],
    ['help', `\u009B\nllm101: forged`],
    ['sample', '--run-dir', `\u2028${TITLE}`],
    ['report', `\u2066${TITLE}`],
    ['wandb', 'sync', `\u2066${TITLE}`],
    ['entropy', '--surprisal', `x\u202E\u007F`],
    ['compress', `${TITLE}\u009B`],
    ['decompress', `${TITLE}\u009B`],
  ];
  for (const args of bad) {
    const result = await llm101(...args);
    expect(result.status, args.join(' ')).toBeGreaterThan(0);
    expectShown(result);
    expect(result.stderr).toMatch(/^llm101: [^\n]+\n$/);
  }
  const environment = { LLM101_DEBUG: '1', LLM101_DATA: `${TITLE}\u202E\nllm101: forged` };
  const debug = await ended(start(['data'], { env: environment }));
  expect(debug.stderr).toContain('␛]0;PWNED␇');
  expectShown(debug);
  expectShown(await ended(start(['config'], { env: environment })));
});

it('samples go to a terminal as pictures', async () => {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  const { isTTY } = process.stdout;
  try {
    for (const terminal of [true, false]) {
      process.stdout.isTTY = terminal;
      makeOutput({}).answerTexts([`a${TITLE}`, 'b\nc']);
      makeOutput({}).answerPart(`d${TITLE}\n\te`);
    }
  } finally {
    process.stdout.isTTY = isTTY;
  }
  expect(written).toEqual([
    'a␛]0;PWNED␇\nb␊c\n',
    'd␛]0;PWNED␇\n\te',
    `a${TITLE}\nb\nc\n`,
    `d${TITLE}\n\te`,
  ]);
});

it('no other file than the door writes to a terminal', () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const doors = new Set([
    'apps/trainer/src/terminal/streams.ts',
    'packages/runs/src/code/pytorch-text.ts', // these two write programs, which print
    'packages/runs/src/code/typescript-of.ts',
    'packages/sweeps/src/node/process-pool.ts', // reads what another process prints
    'packages/training/src/describe-error.ts', // shows a warning
    'packages/training/src/node/progress-bar.ts', // hands it to statusLine, which shows a text
    'packages/wandb/src/facts/printed-lines.ts', // passes on what is printed
    'packages/wandb/src/init.ts', // shows its messages
  ]);
  const terminal =
    /\bstd(?:out|err)\s*(?:\.\w|[}\]])|process\s*\[|\bconsole\s*[.[]|node:(?:process|tty|console)\b|writeSync\(\s*[12]\b|\/dev\/(?:tty|std|fd)/;
  const found = ['apps', 'packages'].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((path) => /^[^/]+\/src\/.*\.ts$/.test(path))
      .map((path) => `${room}/${path}`)
      .filter((path) => terminal.test(withoutComments(readFileSync(join(root, path), 'utf8')))),
  );
  expect(found.filter((path) => !doors.has(path))).toEqual([]);
});

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
}
