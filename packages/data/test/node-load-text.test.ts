import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namesPath, shakespearePath } from '@tools/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DataError, dataSets } from '../src/index.js';
import { loadText } from '../src/node/index.js';
import { withServer } from './text-server.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const noFetch = async (): Promise<never> => {
  throw new Error('no network');
};
const body = 'emma\nolivia\n';
const pin = sha256(body);
const fetchBody = async (): Promise<Response> => new Response(body);

let folder = '';
let cacheDir = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llm101-data-'));
  cacheDir = join(folder, 'cache', 'deep');
  vi.stubEnv('LLM101_DATA_DIR', '');
  vi.stubEnv('LLM101_CACHE_DIR', cacheDir);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function errorOf(loading: Promise<unknown>): Promise<string> {
  const error = await loading.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(DataError);
  return error instanceof DataError ? error.message : '';
}

describe('a file', () => {
  it('is loaded', async () => {
    const path = file('text.txt', body);
    expect(await loadText(path)).toEqual({ text: body, name: path, characters: 12, sha256: pin });
    expect(await loadText(path, { sha256: pin })).toHaveProperty('text', body);
  });
  it('must be there: the error lists data sets and the path', async () => {
    const path = join(folder, 'nmes');
    expect(await errorOf(loadText(path))).toBe(
      `'${path}' is neither a data set (${[...dataSets.keys()].join(', ')}) nor a file; there is no ${path}; check the path`,
    );
    expect(await errorOf(loadText('nmes'))).toContain(`there is no ${join(process.cwd(), 'nmes')}`);
    const below = join(file('text.txt', body), 'below');
    expect(await errorOf(loadText(below))).toContain(`there is no ${below}`);
  });
  it('must not be a folder', async () => {
    expect(await errorOf(loadText(folder))).toContain('is a folder; name a file in it');
  });
  it('must be readable', async () => {
    const loop = join(folder, 'loop');
    symlinkSync(loop, loop);
    expect(await errorOf(loadText(loop))).toMatch(/can't be read \(ELOOP.*\); check/);
  });
  it.skipIf(process.getuid?.() === 0)('must be permitted (skipped for root)', async () => {
    const path = file('secret.txt', body);
    chmodSync(path, 0);
    expect(await errorOf(loadText(path))).toMatch(/can't be read \(EACCES/);
  });
  it('must hold UTF-8, something, and what the hash says', async () => {
    const latin = file('latin.txt', Uint8Array.of(0x7a, 0xe9));
    expect(await errorOf(loadText(latin))).toContain(`${latin}: the text must be UTF-8; the byte`);
    const empty = file('empty.txt', '\n');
    expect(await errorOf(loadText(empty))).toContain(`${empty}: the text is empty`);
    const other = file('other.txt', 'other');
    expect(await errorOf(loadText(other, { sha256: pin }))).toContain(`SHA-256 must be ${pin}`);
  });
});

describe('named data sets', () => {
  it('come before files', async () => {
    expect((await loadText('names')).characters).toBe(58_955);
  });
  it.skipIf(namesPath() === undefined).each(['names.txt', 'makemore-names.txt'])(
    'are found in LLM101_DATA_DIR as %s (needs the names.txt of the lecture)',
    async (name) => {
      file(name, readFileSync(namesPath() ?? ''));
      vi.stubEnv('LLM101_DATA_DIR', folder);
      const loaded = await loadText('makemore-names', { fetch: noFetch });
      expect(loaded.characters).toBe(228_145);
      expect(loaded.name).toBe('makemore-names');
    },
  );
  it.skipIf(shakespearePath() === undefined)(
    'are found whatever they hold: shakespeare (needs shakespeare.txt)',
    async () => {
      file('tinyshakespeare.txt', readFileSync(shakespearePath() ?? ''));
      vi.stubEnv('LLM101_DATA_DIR', folder);
      const { characters, text } = await loadText('shakespeare', { fetch: noFetch });
      expect(characters).toBe(1_115_394);
      expect(new Set(text).size).toBe(65);
    },
  );
  it('are not taken from a file with another hash, nor fetched in place of it', async () => {
    const path = file('names.txt', body);
    vi.stubEnv('LLM101_DATA_DIR', folder);
    const message = await errorOf(loadText('makemore-names', { fetch: fetchBody }));
    expect(message).toMatch(/^SHA-256 must be 0a30b/);
    expect(message).toContain(`; ${path} has ${pin}; put the right file into LLM101_DATA_DIR, or`);
    file('makemore-names.txt', 'emma\n');
    const right = await loadText('makemore-names', { fetch: noFetch, sha256: sha256('emma\n') });
    expect(right.text).toBe('emma\n');
  });
  it('need a LLM101_DATA_DIR that is there', async () => {
    const missing = join(folder, 'missing');
    vi.stubEnv('LLM101_DATA_DIR', missing);
    expect(await errorOf(loadText('makemore-names', { fetch: fetchBody }))).toBe(
      `LLM101_DATA_DIR must name a folder; there is no ${missing}; make it, or unset the variable`,
    );
    expect((await loadText('names')).characters).toBe(58_955);
  });
  it('that can’t be fetched: the error says what to do', async () => {
    vi.stubEnv('LLM101_DATA_DIR', folder);
    const message = await errorOf(loadText('makemore-names', { fetch: noFetch }));
    expect(message).toMatch(/could not be fetched \(no network\); check the network/);
    expect(message).toMatch(
      /or name by LLM101_DATA_DIR a folder that holds it as names.txt or makemore-names.txt, SHA-256 0a30b/,
    );
  });
});

describe('the cache of downloads', () => {
  it('keeps what has a hash', async () => {
    await withServer(
      (_, response) => response.end(body),
      async (url, requests) => {
        for (let i = 0; i < 3; i++) {
          expect((await loadText(url, { sha256: pin, cacheDir })).text).toBe(body);
        }
        expect(requests()).toBe(1);
        expect(readdirSync(cacheDir)).toEqual([`${pin}.txt`]);
      },
    );
  });
  it('keeps nothing without a hash, and nothing with the wrong one', async () => {
    const fetch = fetchBody;
    await loadText('http://x/', { fetch, cacheDir });
    await errorOf(loadText('http://x/', { fetch, cacheDir, sha256: sha256('other') }));
    expect(() => readdirSync(cacheDir)).toThrow('ENOENT');
  });
  it('fetches again what was damaged', async () => {
    const fetch = vi.fn<typeof fetchBody>(fetchBody);
    mkdirSync(cacheDir, { recursive: true });
    const kept = join(cacheDir, `${pin}.txt`);
    writeFileSync(kept, body.slice(1));
    const options = { fetch, cacheDir, sha256: pin };
    expect((await loadText('http://x/', options)).text).toBe(body);
    expect(readFileSync(kept, 'utf8')).toBe(body);
    await loadText('http://x/', options);
    expect(fetch).toHaveBeenCalledTimes(1);
  });
  it('is done without where it cannot be written', async () => {
    const fetch = vi.fn<typeof fetchBody>(fetchBody);
    const options = { fetch, sha256: pin, cacheDir: join(file('plain.txt', 'x'), 'cache') };
    for (let i = 0; i < 2; i++) expect((await loadText('http://x/', options)).text).toBe(body);
    expect(fetch).toHaveBeenCalledTimes(2);
  });
  it('leaves no temporary file when it cannot rename', async () => {
    mkdirSync(join(cacheDir, `${pin}.txt`, 'in the way'), { recursive: true });
    const fetch = fetchBody;
    expect((await loadText('http://x/', { fetch, cacheDir, sha256: pin })).text).toBe(body);
    expect(readdirSync(cacheDir)).toEqual([`${pin}.txt`]);
  });
  it.each([
    ['LLM101_CACHE_DIR', { LLM101_CACHE_DIR: 'own', XDG_CACHE_HOME: 'xdg', HOME: 'home' }, 'own'],
    ['XDG_CACHE_HOME', { XDG_CACHE_HOME: 'xdg', HOME: 'home' }, 'xdg/llm101'],
    ['the home folder', { HOME: 'home' }, 'home/.cache/llm101'],
  ])('is found by %s', async (_, variables, expected) => {
    vi.stubEnv('LLM101_CACHE_DIR', '');
    vi.stubEnv('XDG_CACHE_HOME', 'not/absolute');
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, join(folder, value));
    await loadText('http://x/', { fetch: fetchBody, sha256: pin });
    expect(readdirSync(join(folder, expected))).toEqual([`${pin}.txt`]);
  });
});
