// What is written about mistakes: in the words of the command that was called, harmless to a terminal, and seen by scripts.
import { closeSync, existsSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { flagNames } from '../src/terminal/errors.js';
import { oneLine } from '../src/terminal/streams.js';
import {
  emptyFolder,
  ended,
  errorOf,
  metricsOf,
  onlyError,
  RUN_FILES,
  start,
  succeed,
} from './llm101.js';

const bin = fileURLToPath(new URL('../bin/llm101.js', import.meta.url));

describe('a config file', () => {
  it('may begin with a byte order mark', async () => {
    const folder = emptyFolder();
    const config = join(folder, 'config.json');
    writeFileSync(config, '\uFEFF{"maxSteps": 1, "valInterval": 0}');
    await succeed('train', '--config', config, '--run-dir', join(folder, 'run'));
    expect(metricsOf(join(folder, 'run')).map(({ step }) => step)).toEqual([1]);
  });

  it.each([
    [1, Buffer.from([0xff, 0xfe, 0x00]), /can't be read: it isn't UTF-8; check --config$/],
    [1, '{"a\u001B[31m\u0000": 1}', /must be JSON, such as/],
    [2, '{"__proto__": 1}', /: __proto__ isn't a setting; the settings are preset, data, /],
    [2, '{"toString": 1}', /: toString isn't a setting; the settings are preset, data, /],
  ])('with status %i: %j', async (status, content, message) => {
    const config = join(emptyFolder(), 'config.json');
    writeFileSync(config, content);
    const line = await errorOf(status, 'train', '--config', config);
    expect(line).toMatch(message);
    expect(line).not.toMatch(/\p{Cc}/u);
  });

  it('must have a name', async () => {
    expect(await errorOf(2, 'train', '--config', '')).toMatch(
      /option '--config <file>' argument '' is invalid. It must be the path of a file/,
    );
    expect(await errorOf(2, 'evaluate', '--run-dir', 'run', '--data', '')).toMatch(
      /option '--data <path\|name>' argument '' is invalid. It must be the name of a data set/,
    );
  });
});

describe('an error', () => {
  it('points to the help of the command that was called', async () => {
    expect(await errorOf(2, 'sample')).toMatch(/; llm101 sample --help lists flags$/);
    expect(await errorOf(2, 'train', '--seed', '-1')).toMatch(/; llm101 train --help lists flags$/);
    expect(await errorOf(2, 'smaple')).toMatch(/; llm101 --help lists commands$/);
  });

  it('does nothing to a terminal', async () => {
    expect(await errorOf(1, 'data', '--data', 'a\u001B[31mb\rc')).toMatch(
      /'a␛\[31mb␍c' is neither a data set .* nor a file or a folder; there is no .*; check the path$/,
    );
    expect(oneLine('a\n  b\u202Ec\u0007\n')).toBe('a b\\u{202e}c␇');
    const long = oneLine(`begin ${'x'.repeat(100_000)} end`);
    expect([long.length, long.slice(0, 7), long.slice(-5)]).toEqual([4003, 'begin x', 'x end']);
  });

  it('of a package is about flags', async () => {
    const text = join(emptyFolder(), 'text.txt');
    writeFileSync(text, 'ab\nba\n');
    expect(await errorOf(1, 'data', '--data', text, '--val-size', '0.9')).toMatch(
      /text\.txt: --val-size must leave some to learn from; 0\.9 of 2 lines that are not empty leaves none/,
    );
    expect(flagNames('sgd: learningRate must be above 0, batchSizes too')).toBe(
      'sgd: --lr must be above 0, batchSizes too',
    );
  });
});

it('names a data folder that is missing or holds another text', async () => {
  const folder = emptyFolder();
  const dataFrom = async (path: string): Promise<string> =>
    onlyError(
      1,
      await ended(start(['data', '--data', 'makemore-names'], { env: { LLM101_DATA_DIR: path } })),
    );
  expect(await dataFrom(join(folder, 'none'))).toMatch(/LLM101_DATA_DIR must name a folder; there/);
  writeFileSync(join(folder, 'names.txt'), 'anna\n');
  expect(await dataFrom(folder)).toMatch(/SHA-256 must be 0a30b.*names.txt has .*; put the right/);
});

it('says what it fetches', async () => {
  const server = createServer((_, response) => response.end('anna\nbob\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/names`;
    const { stderr } = await succeed('data', '--data', url, '--val-size', '0.5');
    expect(stderr).toBe(`fetching ${url}\n`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

it.skipIf(!existsSync('/dev/full'))('a full disk behind stdout is an error', () => {
  const full = openSync('/dev/full', 'w');
  const runDir = join(emptyFolder(), 'run');
  const args = ['train', '--max-steps', '2', '--val-interval', '0', '--run-dir', runDir];
  const { status, stderr } = spawnSync(process.execPath, [bin, ...args], {
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(full);
  expect(status).toBe(1);
  expect(stderr.match(/^llm101: .*$/gm)).toEqual([
    "llm101: the output can't be written: the disk is full; free some space, or send it elsewhere",
  ]);
  expect(readdirSync(runDir)).toContain('model.safetensors');
});

it('a folder with the config.json of another program is no earlier run', async () => {
  const folder = emptyFolder();
  for (const content of ['{"name": "mine"}', 'null', '{', '{"versions": "1"}']) {
    writeFileSync(join(folder, 'config.json'), content);
    const line = await errorOf(1, 'train', '--max-steps', '1', '--run-dir', folder);
    expect(line).toMatch(/must be new, empty or an earlier run; it holds config.json/);
    expect(readdirSync(folder)).toEqual(['config.json']);
  }
});

it('a folder in which a run was killed at its very start is empty', async () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'config.json.part'), '{"da');
  await succeed('train', '--max-steps', '1', '--val-interval', '0', '--run-dir', folder);
  expect(readdirSync(folder).sort()).toEqual(RUN_FILES);
});
