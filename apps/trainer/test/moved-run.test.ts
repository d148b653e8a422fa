// A run folder and its text in other places than where it was trained.
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { emptyFolder, type Ended, ended, start } from './llm101.js';

const TEXT = `${Array.from({ length: 60 }, (_, i) => `na${String.fromCodePoint(97 + (i % 26))}e${'m'.repeat(i % 4)}`).join('\n')}\n`;
const TRAIN =
  'train --max-steps 30 --val-interval 0 --d-hidden 8 --d-embed 4 --context-size 4 --batch-size 8 --run-dir run --data';

/** Runs the command in a folder. */
const within = (cwd: string, line: string): Promise<Ended> =>
  ended(start(line.split(' '), { cwd, env: { LLM101_CACHE_DIR: join(cwd, 'cache') } }));

async function succeedIn(cwd: string, line: string): Promise<string> {
  const { status, stdout, stderr } = await within(cwd, line);
  expect(status, stderr).toBe(0);
  return stdout;
}

/** A run in `home`, and an empty folder `away` beside it. */
async function trained(): Promise<{ readonly home: string; readonly away: string }> {
  const folder = emptyFolder();
  const [home, away] = ['home', 'away'].map((name) => join(folder, name));
  for (const path of [home, away]) mkdirSync(path);
  writeFileSync(join(home, 'names.txt'), TEXT);
  await succeedIn(home, `${TRAIN} names.txt`);
  return { home, away };
}

/** Commands that need a run's text; all of them take `--data`. */
const COMMANDS = [
  'evaluate --run-dir run',
  'verify run',
  'entropy --order 2 --model run',
  'entropy --surprisal nae --model run',
  'denoise --order 2 --count 3 --model run',
  'train --resume run',
];

describe('a run folder that was copied to another place', () => {
  it('finds its text where it was', async () => {
    const { home, away } = await trained();
    const here = await succeedIn(home, 'evaluate --run-dir run');
    cpSync(join(home, 'run'), join(away, 'run'), { recursive: true });
    const there = await succeedIn(away, 'evaluate --run-dir run');
    expect(there).toBe(here.replace('names.txt', join(home, 'names.txt')));
    for (const command of COMMANDS) await succeedIn(away, command);
    for (const command of ['report run', 'sample --count 2 --run-dir run'])
      await succeedIn(away, command);
  });

  it('finds its text where that was moved too, or beside the run’s files', async () => {
    const { home, away } = await trained();
    renameSync(join(home, 'run'), join(away, 'run'));
    renameSync(join(home, 'names.txt'), join(away, 'names.txt'));
    await succeedIn(join(away, '..'), 'verify away/run');
    renameSync(join(away, 'names.txt'), join(away, 'run', 'names.txt'));
    await succeedIn(join(away, '..'), 'evaluate --run-dir away/run');
    await succeedIn(join(away, '..'), 'train --config away/run/config.json --run-dir again');
    for (const command of ['data', 'entropy --order 2', 'denoise --order 2 --count 2']) {
      await succeedIn(join(away, '..'), `${command} --config away/run/config.json`);
    }
    const weights = (path: string): Buffer => readFileSync(join(path, 'model.safetensors'));
    expect(weights(join(away, '..', 'again')).equals(weights(join(away, 'run')))).toBe(true);
  });

  it('takes its text by --data, and refuses another', async () => {
    const { home, away } = await trained();
    const expected = await succeedIn(home, 'evaluate --run-dir run --json');
    renameSync(join(home, 'run'), join(away, 'run'));
    renameSync(join(home, 'names.txt'), join(home, 'other-name.txt'));
    const { dataSha256 } = JSON.parse(readFileSync(join(away, 'run', 'config.json'), 'utf8')) as {
      dataSha256: string;
    };
    writeFileSync(join(away, 'others.txt'), 'anna\nbob\n');
    for (const command of COMMANDS) {
      const none = await within(away, command);
      expect(none.status, command).toBe(1);
      expect(none.stderr).toContain(dataSha256);
      expect(none.stderr).toContain('is neither names.txt nor ');
      expect(none.stderr).toContain('name the text that the run was trained on by --data\n');
      await succeedIn(away, `${command} --data ../home/other-name.txt`);
    }
    for (const command of COMMANDS.slice(1)) {
      const other = await within(away, `${command} --data others.txt`);
      expect(other.status, command).toBe(1);
      expect(other.stderr).toMatch(
        /others\.txt isn't the text of run: it has SHA-256 [0-9a-f]{64}, the run's text [0-9a-f]{64}; name /,
      );
    }
    // --resume has noted where the text is
    const evaluated = await succeedIn(away, 'evaluate --run-dir run --json');
    expect(JSON.parse(evaluated)).toEqual({
      ...JSON.parse(expected),
      data: join('..', 'home', 'other-name.txt'),
    });
    expect(await succeedIn(away, 'evaluate --run-dir run --data others.txt')).toContain(
      "from others.txt, which isn't the run's text; all of it\n",
    );
  });

  it('refuses a text that has changed, saying both hashes', async () => {
    const { home } = await trained();
    writeFileSync(join(home, 'names.txt'), `${TEXT}zoe\n`);
    for (const command of COMMANDS) {
      const { status, stderr } = await within(home, command);
      expect(status, command).toBe(1);
      expect(stderr).toMatch(
        /the text of run must have SHA-256 [0-9a-f]{64}; names\.txt has [0-9a-f]{64}; name the text .* by --data\n/,
      );
    }
  });
});

it('a text from a URL that is no longer there is taken from a copy', async () => {
  const server = createServer((_, response) => response.end(TEXT)).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const cwd = emptyFolder();
  await succeedIn(cwd, `${TRAIN} http://127.0.0.1:${port}/names.txt`);
  server.close();
  server.closeAllConnections();
  const { status, stderr } = await within(cwd, 'verify run');
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /the text of run: .*; or name the text that the run was trained on by --data\n/,
  );
  writeFileSync(join(cwd, 'copy.txt'), TEXT);
  await succeedIn(cwd, 'verify run --data copy.txt');
  rmSync(join(cwd, 'copy.txt'));
});
