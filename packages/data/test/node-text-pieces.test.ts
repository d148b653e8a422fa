import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataSets } from '../src/index.js';
import { textPieces } from '../src/node/index.js';
import { Spool } from '../src/node/byte-files.js';
import { naturally } from '../src/node/folder.js';
import { withServer } from './text-server.js';

const sha256 = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');
const whole = async (pieces: AsyncIterable<string>): Promise<string> => {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
};
const errorOf = async (read: () => AsyncIterable<string>): Promise<string> => {
  try {
    return await whole(read());
  } catch (error) {
    return String(error);
  }
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llm101-pieces-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

describe('a file', () => {
  it('is read in pieces, none of them large, with its hash', async () => {
    const text = '안녕 world\n'.repeat(200_000);
    const pieces = textPieces(file('a.txt', text));
    let longest = 0;
    let read = '';
    for await (const piece of pieces) {
      longest = Math.max(longest, piece.length);
      read += piece;
    }
    expect(read === text).toBe(true);
    expect(longest).toBeLessThan(300_000);
    expect(pieces.summary()).toEqual({
      name: join(folder, 'a.txt'),
      sha256: sha256(text),
      files: 1,
      characters: 9 * 200_000,
      bytes: 13 * 200_000,
    });
  });
  it('names the byte that is none of a text, far into it', async () => {
    const bytes = Buffer.from(`${'naïve\n'.repeat(100_000)}x`);
    bytes[500_001] = 0xff;
    const path = file('a.txt', bytes);
    expect(await errorOf(() => textPieces(path))).toMatch(
      new RegExp(
        `^DataError: ${path}: the text must be UTF-8; the byte at offset 50000[01] is not`,
      ),
    );
  });
  it('may be gzip, of several members', async () => {
    const packed = Buffer.concat([gzipSync('one\n'), gzipSync('two\n'), gzipSync('three\n')]);
    const pieces = textPieces(file('a.gz', packed));
    expect(await whole(pieces)).toBe('one\ntwo\nthree\n');
    expect(pieces.summary()).toMatchObject({ sha256: sha256(packed), characters: 14, bytes: 14 });
    const cut = file('cut.gz', packed.subarray(0, packed.length - 5));
    expect(await errorOf(() => textPieces(cut))).toMatch(
      /cut\.gz: the file begins as gzip and can't be unpacked \(.*\); it is damaged or cut short/,
    );
    const bad = file('bad.gz', gzipSync(Buffer.from('aaaa\xff', 'latin1')));
    expect(await errorOf(() => textPieces(bad))).toContain(
      'bad.gz: the text must be UTF-8; the byte at offset 4 is not',
    );
  });
  it('is not unpacked without bound', async () => {
    const bomb = file('bomb.gz', gzipSync(Buffer.alloc(100_000_000, 'a')));
    expect(await errorOf(() => textPieces(bomb))).toContain(
      'bomb.gz: a gzip file may hold 200 times its bytes; this one holds more; unpack it first',
    );
    const small = file('small.gz', gzipSync('a'.repeat(5000)));
    expect(await errorOf(() => textPieces(small, { maxBytes: 1000 }))).toContain(
      'small.gz: a text may have 1,000 bytes; this has more',
    );
  });
  it('must be there', async () => {
    const path = join(folder, 'none.txt');
    expect(await errorOf(() => textPieces(path))).toContain(
      `'${path}' is neither a data set (${[...dataSets.keys()].join(', ')}) nor a file or a folder; there is no ${path}`,
    );
    expect(() => textPieces('')).toThrow(TypeError);
    expect(() => textPieces(folder, { maxBytes: 0 })).toThrow(RangeError);
  });
});

describe('a folder', () => {
  it('is the text of its files, in the order of their names', async () => {
    file('10.txt', 'ten');
    file('2.txt', 'two\n');
    file('b/1.md', 'b one');
    file('a/x.txt', 'x\n');
    file('c.txt.gz', gzipSync('packed'));
    file('empty.txt', '');
    file('.hidden', 'hidden');
    const pieces = textPieces(folder);
    expect(await whole(pieces)).toBe('two\nten\nx\nb one\npacked');
    const names = ['2.txt', '10.txt', 'a/x.txt', 'b/1.md', 'c.txt.gz', 'empty.txt'];
    const contents = ['two\n', 'ten', 'x\n', 'b one', gzipSync('packed'), ''];
    // As sha256sum prints them.
    const list = contents.map((content, i) => `${sha256(content)}  ${names[i]}\n`).join('');
    expect(pieces.summary()).toMatchObject({ files: 6, sha256: sha256(list) });
    const some = textPieces(folder, { extensions: ['md', '.TXT'], separator: '|' });
    expect(await whole(some)).toBe('two\n|ten|x\n|b one|packed');
  });
  it('says how far it is', async () => {
    file('a.txt', 'abc');
    file('b.txt', 'de');
    const seen: unknown[] = [];
    const onProgress = (received: number, total?: number): unknown => seen.push([received, total]);
    await whole(textPieces(folder, { onProgress }));
    expect(seen).toEqual([
      [3, 5],
      [5, 5],
    ]);
  });
  it('may hold many files', async () => {
    for (let i = 0; i < 2000; i++) file(`${i}.txt`, `line ${i}`);
    const pieces = textPieces(folder);
    const text = await whole(pieces);
    expect(text.split('\n')).toEqual(Array.from({ length: 2000 }, (_, i) => `line ${i}`));
    expect(pieces.summary().files).toBe(2000);
  });
  it('names what can’t be taken', async () => {
    const error = (): Promise<string> => errorOf(() => textPieces(folder));
    expect(await error()).toContain(
      'the folder must hold a text; it has no file; those that begin',
    );
    file('a.txt', 'text');
    expect(await errorOf(() => textPieces(folder, { extensions: ['.md'] }))).toContain(
      'it has no file that ends in .md',
    );
    const picture = file('b.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a));
    expect(await error()).toContain(`${picture}: the text must be UTF-8; the byte at offset 0`);
    expect(await error()).toContain('a PNG picture');
    rmSync(picture);
    symlinkSync('/etc/hostname', join(folder, 'link.txt'));
    expect(await error()).toContain(
      'link.txt: a folder of texts may hold files and folders; this is a link',
    );
    rmSync(join(folder, 'link.txt'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(await error()).toContain(
      'pipe: a folder of texts may hold files and folders; this is a pipe',
    );
  });
  it('is ordered as people order names', () => {
    const names = ['a', 'a1', 'a2', 'a02', 'a10', 'a10b', 'b', 'b1c2', 'b1c10', '9', '10', 'B'];
    const sorted = ['9', '10', 'B', 'a', 'a1', 'a02', 'a2', 'a10', 'a10b', 'b', 'b1c2', 'b1c10'];
    expect(names.toSorted(naturally)).toEqual(sorted);
    expect(names.toReversed().toSorted(naturally)).toEqual(sorted);
  });
});

describe('what can be read once', () => {
  it('is kept to be read again', async () => {
    let opened = 0;
    const open = async function* (): AsyncIterable<Uint8Array> {
      opened++;
      yield Buffer.from('one ');
      yield Buffer.from('two');
    };
    const spool = new Spool('a pipe', open, { maxBytes: 100 });
    const read = async (from: Spool): Promise<string> => {
      const chunks: Uint8Array[] = [];
      for await (const bytes of from.chunks()) chunks.push(bytes.slice());
      return Buffer.concat(chunks).toString();
    };
    expect([await read(spool), await read(spool), opened]).toEqual(['one two', 'one two', 1]);
    spool.close();
    const short = new Spool('a pipe', open, { maxBytes: 5 });
    await expect(short.chunks()[Symbol.asyncIterator]().next()).resolves.toMatchObject({
      done: false,
    });
    await expect(read(short)).rejects.toThrow('a pipe: it was not read to its end');
    const long = new Spool('a pipe', open, { maxBytes: 5 });
    await expect(read(long)).rejects.toThrow('a text may have 5 bytes');
  });
  it.each(['pipe', 'file'])('is standard input from a %s', (kind) => {
    const path = file('a.txt', 'zoé\n'.repeat(50_000));
    const script = join(folder, 'read.mjs');
    const dist = fileURLToPath(new URL('../dist/node/index.js', import.meta.url));
    writeFileSync(
      script,
      `import { textPieces } from ${JSON.stringify(dist)};
       const text = textPieces('-');
       for (let i = 0; i < 2; i++) { let n = 0; for await (const piece of text) n += piece.length; console.log(n); }
       console.log(text.summary().sha256); await text.close();`,
    );
    const command = kind === 'pipe' ? 'cat "$0" | "$1" "$2"' : '"$1" "$2" < "$0"';
    const { stdout, stderr } = spawnSync('sh', ['-c', command, path, process.execPath, script], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout).toBe(`200000\n200000\n${sha256('zoé\n'.repeat(50_000))}\n`);
  });
});

describe('a text by URL', () => {
  const text = 'naïve\n'.repeat(100_000);
  it('is fetched once, in pieces, and kept to be read again', () =>
    withServer(
      (_, response) =>
        response.setHeader('Content-Length', gzipSync(text).length).end(gzipSync(text)),
      async (url, requests) => {
        const seen: unknown[] = [];
        const onProgress = (_received: number, total?: number): unknown => seen.push(total);
        const pieces = textPieces(url, { onProgress });
        expect([await whole(pieces), await whole(pieces)].map((read) => read === text)).toEqual([
          true,
          true,
        ]);
        expect(pieces.summary()).toMatchObject({
          name: url,
          sha256: sha256(gzipSync(text)),
          characters: 600_000,
        });
        expect(requests()).toBe(1);
        expect(new Set(seen)).toEqual(new Set([gzipSync(text).length]));
        await pieces.close();
      },
    ));
  it('with a hash is loaded as loadText does', () =>
    withServer(
      (_, response) => response.end(text),
      async (url) => {
        const options = { cacheDir: folder };
        expect((await whole(textPieces(url, { ...options, sha256: sha256(text) }))) === text).toBe(
          true,
        );
        const wrong = textPieces(url, { ...options, sha256: '0'.repeat(64) });
        expect(await errorOf(() => wrong)).toContain('SHA-256 must be 000');
      },
    ));
  it('must come, and can be given up', () =>
    withServer(
      (_, response) => response.writeHead(404).end(),
      async (url) => {
        expect(await errorOf(() => textPieces(url))).toContain('HTTP status must be 200; got 404');
        const signal = AbortSignal.abort(new Error('stop'));
        expect(await errorOf(() => textPieces(url, { signal }))).toBe('Error: stop');
      },
    ));
  it('may not be too long', () =>
    withServer(
      (_, response) => response.end(text),
      async (url) => {
        const error = await errorOf(() => textPieces(url, { maxBytes: 1000 }));
        expect(error).toContain('a text may have 1,000 bytes; this has more');
      },
    ));
});
