import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DataError, type TextPieces, textPieces } from '../src/index.js';
import { readPieces } from '../src/text/read-pieces.js';
import { Sha256 } from '../src/text/sha256.js';

const sha256 = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');
const whole = async (pieces: AsyncIterable<string>): Promise<string> => {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
};
const errorOf = async (pieces: AsyncIterable<string>): Promise<string> =>
  String(await whole(pieces).catch((error: unknown) => error));

describe('Sha256', () => {
  it.each([0, 1, 55, 56, 63, 64, 65, 119, 128, 100_003])('is that of %d bytes', (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 31) % 256);
    for (const cut of [0, length >> 1, Math.min(length, 61)]) {
      const hash = new Sha256();
      hash.update(bytes.subarray(0, cut));
      hash.update(bytes.subarray(cut));
      expect(hash.hex()).toBe(sha256(bytes));
    }
  });
});

describe('textPieces in a browser', () => {
  const text = 'naïve 👩‍🚀\n'.repeat(30_000);
  it('reads a file in pieces, and again', async () => {
    const pieces = textPieces(new File([text], 'poems.txt'));
    expect(() => pieces.summary()).toThrow('poems.txt: the text must be read to its end first');
    const seen: number[] = [];
    for await (const piece of pieces) seen.push(piece.length);
    expect(seen.length).toBeGreaterThan(2);
    expect(await whole(pieces)).toBe(text);
    expect(pieces.summary()).toEqual({
      name: 'poems.txt',
      sha256: sha256(text),
      files: 1,
      characters: 30_000 * 10,
      bytes: Buffer.byteLength(text),
    });
  });
  it('reads files one after the other, with line ends between them', async () => {
    const files = [new File(['a'], 'a'), new File(['b\n'], 'b'), new File(['c'], 'c')];
    const pieces = textPieces(files);
    expect(await whole(pieces)).toBe('a\nb\nc');
    const list = files.map(({ name }, i) => `${sha256(['a', 'b\n', 'c'][i])}  ${name}\n`).join('');
    expect(pieces.summary()).toMatchObject({ files: 3, characters: 5, sha256: sha256(list) });
    expect(await whole(textPieces(files, { separator: '<|end|>' }))).toBe('a<|end|>b\n<|end|>c');
  });
  it('unpacks gzip', async () => {
    expect(await whole(textPieces(new Blob([gzipSync(text)])))).toBe(text);
    const cut = new Blob([gzipSync(text).subarray(0, 100)]);
    expect(await errorOf(textPieces(cut))).toMatch(/^DataError: the text: the file begins as gzip/);
  });
  it('reads a stream once', async () => {
    const pieces = textPieces(new Blob([text]).stream());
    expect(await whole(pieces)).toBe(text);
    expect(await errorOf(pieces)).toContain('a stream can be read once; make a Blob of it');
  });
  it('loads a data set or a URL', async () => {
    const pieces = textPieces('names');
    expect(await whole(pieces)).toHaveLength(58_955);
    expect(pieces.summary()).toMatchObject({ name: 'names', characters: 58_955, bytes: 58_955 });
    const fetch = async (): Promise<Response> => new Response('zoé');
    const fetched = textPieces('http://127.0.0.1/text', { fetch });
    expect(await whole(fetched)).toBe('zoé');
    expect(fetched.summary()).toMatchObject({ sha256: sha256('zoé'), characters: 3, bytes: 4 });
  });
  it('has whole code points in each piece', async () => {
    const text = `a${'😀'.repeat(2 ** 18)}`; // each but the first begins at an odd place
    const fetch = async (): Promise<Response> => new Response(text);
    const pieces: string[] = [];
    for await (const piece of textPieces('http://127.0.0.1/text', { fetch })) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.filter((piece) => /[\ud800-\udbff]$/.test(piece))).toEqual([]);
    expect(pieces.join('')).toBe(text);
  });
  it('says how far it is, and stops', async () => {
    const seen: unknown[] = [];
    const onProgress = (received: number, total?: number): unknown => seen.push([received, total]);
    await whole(textPieces(new Blob(['abc']), { onProgress }));
    expect(seen).toEqual([[3, 3]]);
    const signal = AbortSignal.abort(new Error('stop'));
    expect(await errorOf(textPieces(new Blob(['abc']), { signal }))).toBe('Error: stop');
  });
  it('refuses what is no text', async () => {
    expect(await errorOf(textPieces(new Blob([])))).toContain('the text is empty');
    expect(await errorOf(textPieces(new Blob([' \n', '\t'])))).toContain('the text is empty');
    const long = textPieces(new Blob([text]), { maxBytes: 1000 });
    expect(await errorOf(long)).toContain('a text may have 1,000 bytes; this has more');
    for (const source of [[], {}, [new Blob(['a']), 'b'], 5]) {
      const make = (): TextPieces => Reflect.apply(textPieces, undefined, [source]) as TextPieces;
      expect(make).toThrow(TypeError);
    }
  });
});

describe('a text that is read twice', () => {
  it('must be the same', async () => {
    let text = 'one';
    const pieces = readPieces(
      {
        name: 'a.txt',
        files: [
          {
            name: 'a.txt',
            path: undefined,
            async *chunks() {
              yield new TextEncoder().encode(text);
            },
          },
        ],
        size: undefined,
        hasher: () => new Sha256(),
        gunzip: (chunks) => chunks,
      },
      {},
    );
    expect(await whole(pieces)).toBe('one');
    text = 'two';
    const error = await whole(pieces).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(DataError);
    expect(String(error)).toContain('a.txt: the text changed while it was used; start again');
  });
});
