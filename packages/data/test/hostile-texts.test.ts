// Servers and files that have no end: each is left at a limit, with an error that says so.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DataError } from '../src/index.js';
import { loadText } from '../src/node/index.js';
import { withServer } from './text-server.js';

const errorOf = (source: string, options: Parameters<typeof loadText>[1] = {}): Promise<unknown> =>
  loadText(source, options).catch((error: unknown) => error);

describe('a download', () => {
  it('is left where it is a bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(300_000_000, 'a\n'));
    expect(bomb.length).toBeLessThan(400_000);
    await withServer(
      (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
      async (url) => {
        const error = await errorOf(url);
        expect(error).toBeInstanceOf(DataError);
        expect(String(error)).toContain(
          'a text may have 256,000,000 bytes; this has more; fetch it by another program and name the file',
        );
      },
    );
  });
  it('is left before it comes where its length is too large', async () => {
    await withServer(
      (_, response) => response.writeHead(200, { 'content-length': 2 ** 40 }).write('a'),
      async (url) => {
        expect(String(await errorOf(url))).toContain('a text may have 256,000,000 bytes');
        expect(String(await errorOf(url, { maxBytes: 10 }))).toContain('may have 10 bytes');
      },
    );
  });
  it('is left where it drips', async () => {
    await withServer(
      (_, response) => {
        const timer = setInterval(() => response.write('a'), 10);
        response.on('close', () => clearInterval(timer));
      },
      async (url) => {
        expect(String(await errorOf(url, { slowAfterMs: 200 }))).toMatch(
          /a download must bring 1,000 bytes a second; got \d+ in \d\.\d s; fetch it by another/,
        );
        expect(String(await errorOf(url, { maxMs: 300 }))).toContain(
          'a download may take 0.3 s; this takes longer; fetch it by another program',
        );
      },
    );
  });
  it('is left where it leads on and on, or elsewhere than to a server', async () => {
    await withServer(
      ({ url = '' }, response) => {
        const to = url.includes('file') ? 'file:///etc/passwd' : `${url}x`;
        response.writeHead(302, { location: to }).end();
      },
      async (url, requests) => {
        const error = await errorOf(url);
        expect(error).toBeInstanceOf(DataError);
        expect(requests()).toBeLessThanOrEqual(21);
        expect(String(await errorOf(`${url}/file`))).not.toContain('root:');
      },
    );
  });
  it('never shows a password', async () => {
    const error = await errorOf('http://user:secret@127.0.0.1:9/names.txt');
    expect(error).toBeInstanceOf(DataError);
    expect(String(error)).toContain(
      'http://***@127.0.0.1:9/names.txt: an address must be without a user and a password',
    );
    expect(String(error)).not.toContain('secret');
  });
  it('may have headers of some kilobytes', async () => {
    const server = createServer((_, response) => {
      response.setHeader('x', 'y'.repeat(200_000));
      response.end('a');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const error = await errorOf(`http://127.0.0.1:${port}/`);
    expect(error).toBeInstanceOf(DataError);
  });
});

describe('a file', () => {
  it('is not read where it is too large', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'llm101-data-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'text.txt');
    writeFileSync(path, 'a\nb\n');
    expect((await loadText(path)).text).toBe('a\nb\n');
    expect(String(await errorOf(path, { maxBytes: 3 }))).toContain('a text may have 3 bytes');
    truncateSync(path, 2 ** 40);
    expect(String(await errorOf(path))).toContain(
      `a text may have 256,000,000 bytes; ${path} has 1,099,511,627,776 or more; take a part of it`,
    );
  });
  it.skipIf(process.platform === 'win32')('that never ends is left at the limit', async () => {
    const error = await errorOf('/dev/zero', { maxBytes: 1_000_000 });
    expect(error).toBeInstanceOf(DataError);
    expect(String(error)).toContain('a text may have 1,000,000 bytes; /dev/zero has');
  });
});
