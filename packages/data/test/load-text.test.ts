import { gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DataError, dataSets, describeText, loadText, splitLines } from '../src/index.js';
import { withServer } from './text-server.js';

const sha256 = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

/** Answers every request with the same bytes. */
function serving(body: string | Uint8Array, status = 200) {
  return { fetch: async () => new Response(Buffer.from(body), { status }) };
}

describe('the built-in names', () => {
  it('are lower-case, distinct, sorted and made of a–z', async () => {
    const loaded = await loadText('names');
    const names = splitLines(loaded.text);
    expect(names).toHaveLength(8403);
    expect(names).toEqual([...new Set(names)].sort());
    expect(names.every((name) => /^[a-z]+$/.test(name))).toBe(true);
    expect(loaded.text).toBe(`${names.join('\n')}\n`);
    expect(loaded.name).toBe('names');
    expect(loaded.characters).toBe(58_955);
    expect(loaded.sha256).toBe(sha256(loaded.text));
    expect(loaded.sha256).toBe('1bf57faa9a8675e2b5114072fd1c9dcaf44a68e3643482055851a1abc9643150');
  });
  it('are checked against a hash as well', async () => {
    await expect(loadText('names', { sha256: '0'.repeat(64) })).rejects.toThrow(
      `names: SHA-256 must be ${'0'.repeat(64)}`,
    );
  });
});

describe('a text over HTTP', () => {
  it('reports the progress of a download, and its size where the server says so', async () => {
    const half = 'emma\n'.repeat(20_000);
    for (const length of [2 * half.length, undefined]) {
      const calls: [received: number, total: number | undefined][] = [];
      await withServer(
        (_, response) => {
          if (length !== undefined) response.setHeader('Content-Length', length);
          response.write(half);
          response.end(half);
        },
        async (url) => {
          const { text } = await loadText(url, { onProgress: (...at) => calls.push(at) });
          expect(text).toBe(half + half);
        },
      );
      expect(calls.length).toBeGreaterThan(1);
      expect(calls.at(-1)).toEqual([2 * half.length, length]);
      const received = calls.map(([bytes]) => bytes);
      expect(received).toEqual([...received].sort((a, b) => a - b));
    }
  });
  it('is decoded, hashed and counted in code points', async () => {
    const body = 'zoé\n😀\n';
    await withServer(
      (_, response) => response.end(body),
      async (url) => {
        const loaded = await loadText(url, { sha256: sha256(body).toUpperCase() });
        expect(loaded).toEqual({ text: body, name: url, characters: 6, sha256: sha256(body) });
        expect(describeText(loaded)).toBe(`loaded 6 characters from ${url}`);
      },
    );
  });
  it('loses its byte order mark, which the hash still counts', async () => {
    const body = '\uFEFFab';
    const loaded = await loadText('http://x/', serving(body));
    expect(loaded).toMatchObject({ text: 'ab', characters: 2, sha256: sha256(body) });
  });
  it.each([404, 500, 204, 206])('must come with status 200: %d', async (status) => {
    await withServer(
      (_, response) => response.writeHead(status).end(),
      async (url) => {
        const error = await loadText(url).catch((error: unknown) => error);
        expect(error).toBeInstanceOf(DataError);
        expect(String(error)).toContain(`${url}: HTTP status must be 200; got ${status}`);
      },
    );
  });
  it('must be there', async () => {
    let gone = '';
    await withServer(
      () => undefined,
      async (url) => {
        gone = url;
      },
    );
    const error = await loadText(gone).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(DataError);
    expect(String(error)).toMatch(/could not be fetched \(.*ECONNREFUSED.*\); check the network/);
  });
  it('must come whole', async () => {
    await withServer(
      (_, response) => {
        response.writeHead(200, { 'content-length': 100 }).write('half');
        setTimeout(() => response.destroy(), 20);
      },
      async (url) => {
        await expect(loadText(url)).rejects.toThrow(DataError);
      },
    );
  });
  it.each(['before its answer', 'in the middle'])('must not fall silent %s', async (when) => {
    await withServer(
      (_, response) => {
        if (when === 'in the middle') response.writeHead(200).write('half');
      },
      async (url) => {
        const calls: string[] = [];
        const options = { patienceMs: 50, onFetch: (address: string) => calls.push(address) };
        await expect(loadText(url, options)).rejects.toThrow(
          new DataError(
            `${url}: could not be fetched (nothing came for 0.05 s); check the network`,
          ),
        );
        expect(calls).toEqual([url]);
      },
    );
  });
  it('may be slow, as long as something comes', async () => {
    const parts = ['a', 'b', 'c', 'd', 'e'];
    await withServer(
      (_, response) => {
        const timer = setInterval(() => {
          const part = parts.shift();
          if (part !== undefined) return response.write(part);
          clearInterval(timer);
          return response.end();
        }, 40);
      },
      async (url) => {
        expect((await loadText(url, { patienceMs: 150 })).text).toBe('abcde'); // 200 ms and more
      },
    );
  });
  it('can be given up', async () => {
    const controller = new AbortController();
    await withServer(
      () => controller.abort(new Error('enough')),
      async (url) => {
        await expect(loadText(url, { signal: controller.signal })).rejects.toThrow('enough');
        await expect(loadText(url, { signal: controller.signal })).rejects.toThrow('enough');
      },
    );
  });
  it('must have the hash asked for', async () => {
    const pin = sha256('this');
    const error = await loadText('http://x/', { ...serving('that'), sha256: pin }).catch(
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(DataError);
    expect(String(error)).toContain(`SHA-256 must be ${pin}; got ${sha256('that')}`);
    expect(String(error)).toContain('pass the new hash as sha256');
  });
  it.each(['', ' \n\t\r\n', '\uFEFF'])('must not be empty: %j', async (body) => {
    await expect(loadText('http://x/', serving(body))).rejects.toThrow('the text is empty');
  });
  it.each([
    [[0x61, 0xe9, 0x62], 1], // Latin-1
    [[0x61, 0xef, 0xbf, 0x41], 1], // begins like U+FFFD
    [[0x61, 0x62, 0xe2, 0x82], 2], // cut short
    [[0xef, 0xbf, 0xbd, 0xef, 0xbf], 3],
    [[0xef, 0xbb, 0xbf, 0x61, 0x80], 4],
    [[0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0, 0x80], 4], // a lone surrogate
  ])('must be UTF-8: %j', async (bytes, offset) => {
    const loading = loadText('http://x/', serving(Uint8Array.from(bytes)));
    await expect(loading).rejects.toThrow(DataError);
    await expect(loading).rejects.toThrow(
      `the byte at offset ${offset}, in line 1, is not; the text is`,
    );
  });
  it('may hold U+FFFD', async () => {
    expect((await loadText('http://x/', serving('a\uFFFD'))).text).toBe('a\uFFFD');
  });
});

describe('an encoding', () => {
  const utf16 = (text: string, isLittle: boolean, mark = true): Uint8Array<ArrayBuffer> => {
    const bytes = new Uint8Array(Buffer.from(`${mark ? '\uFEFF' : ''}${text}`, 'utf16le'));
    return isLittle ? bytes : new Uint8Array(Buffer.from(bytes).swap16());
  };
  const utf32 = (text: string, isLittle: boolean): Uint8Array<ArrayBuffer> => {
    const view = new DataView(new ArrayBuffer(4 * Array.from(text).length));
    for (const [i, c] of Array.from(text).entries())
      view.setUint32(4 * i, c.codePointAt(0) ?? 0, isLittle);
    return new Uint8Array(view.buffer);
  };
  const loading = (bytes: Uint8Array<ArrayBuffer>) => loadText('http://x/', serving(bytes));
  const names = 'zoé\n한글\n😀 a\n';
  it.each([true, false])('that is UTF-16 with a byte order mark is read', async (isLittle) => {
    const bytes = utf16(names, isLittle);
    const loaded = await loading(bytes);
    expect(loaded.text).toBe(names);
    expect(loaded.sha256).toBe(sha256(bytes));
    await expect(loading(bytes.slice(0, -1))).rejects.toThrow('it is cut short or damaged');
    await expect(loading(utf16('a\uD800b', isLittle))).rejects.toThrow('cut short or damaged');
  });
  const latin = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
  it.each<[string, Uint8Array<ArrayBuffer>, string]>([
    [
      'UTF-16 without a mark',
      utf16('anna\nzoe\n', true, false),
      'in UTF-16LE; save it as UTF-8, or convert it by iconv -f UTF-16LE',
    ],
    ['UTF-16, the high byte first', utf16('anna\nzoe\n', false, false), 'in UTF-16BE'],
    ['Korean in UTF-16', utf16('한글 이름\n나라\n'.repeat(9), true, false), 'in UTF-16LE'],
    ['UTF-32', utf32('\uFEFFanna\nzoe\n', true), 'in UTF-32LE'],
    ['UTF-32, the high byte first', utf32('\uFEFFanna\nzoe\n', false), 'in UTF-32BE'],
    ['UTF-32 without a mark', utf32('anna\nzoe\n', true), 'in UTF-32LE'],
    [
      'Latin-1',
      latin('anna\nzo\xe9 bj\xf6rn\n'),
      'the byte at offset 7, in line 2, is not; the text is probably in Windows-1252 or Latin-1; save it as UTF-8, or convert',
    ],
    [
      'an encoding of Japanese',
      Uint8Array.of(0x82, 0xa0, 0x82, 0xa2, 0x0a, 0x82, 0xa4, 0x0a),
      'such as Windows-1251, Shift_JIS',
    ],
    ['gzip', new Uint8Array(gzipSync('anna\nzoe\n')), 'compressed by gzip; unpack it first'],
    ['a ZIP archive', latin('PK\x03\x04\x14\0\0\0\x08\0\xff\xfe'), 'a ZIP archive'],
    ['a program', latin('\x7fELF\x02\x01\x01\0\xff\xff'), 'a program'],
    ['other bytes', Uint8Array.from({ length: 256 }, (_, i) => i), 'binary, not a text'],
    ['zeros', new Uint8Array(100), 'it is binary, not a text; give a text'],
    [
      'a text that was cut',
      new TextEncoder().encode('anna\n한').slice(0, -1),
      'cut short within a character; load it whole',
    ],
    ['a text in two encodings', latin('zo\xc3\xa9\nbj\xf6rn\n'), 'in two encodings; mend it there'],
  ])('that is another is named: %s', async (_what, bytes, message) => {
    await expect(loading(bytes)).rejects.toThrow(DataError);
    await expect(loading(bytes)).rejects.toThrow(message);
  });
  it('of a text may look like the head of a file of another kind, and have a NUL', async () => {
    for (const text of ['BZh\n', '%PDF-\n', 'PK\u0003\u0004\n', 'anna\0\nzoe and others\n']) {
      expect((await loading(new TextEncoder().encode(text))).text).toBe(text);
    }
  });
});

describe('the remote data set', () => {
  it('is fetched from where the table says and must have its hash', async () => {
    const asked: string[] = [];
    const fetch = async (url: string) => {
      asked.push(url);
      return new Response('emma\n');
    };
    await expect(loadText('makemore-names', { fetch })).rejects.toThrow(
      'makemore-names: SHA-256 must be 0a30b555',
    );
    expect(asked).toEqual(['https://raw.githubusercontent.com/karpathy/makemore/master/names.txt']);
    const other = await loadText('makemore-names', { fetch, sha256: sha256('emma\n') });
    expect(other.text).toBe('emma\n');
  });
});

describe('errors', () => {
  it('lists the data sets for an unknown source', async () => {
    for (const source of ['nmes', 'constructor', './names.txt', 'ftp://x/']) {
      const error = await loadText(source).catch((error: unknown) => error);
      expect(error).toBeInstanceOf(DataError);
      expect(String(error)).toContain(
        `'${source}' is neither a data set (${[...dataSets.keys()].join(', ')}) nor a URL`,
      );
      expect(String(error)).toContain('@llm101/data/node');
    }
  });
  it('rejects a hash that is none, and an empty source', async () => {
    await expect(loadText('names', { sha256: 'abc' })).rejects.toThrow(RangeError);
    await expect(loadText('')).rejects.toThrow(TypeError);
  });
});
