// llm101 play: the page and a run for this machine, and nothing else of it.
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { documents } from '../src/documents.js';
import { emptyFolder, type Ended, ended, errorOf, start, succeed } from './llm101.js';

interface Served {
  readonly address: string;
  readonly port: number;
  readonly child: ChildProcessWithoutNullStreams;
  readonly end: Promise<Ended>;
}

async function play(args: readonly string[], env: Record<string, string> = {}): Promise<Served> {
  const child = start(['play', ...args, '--no-open', '--port', '0'], {
    env: { ...process.env, ...env },
  });
  const end = ended(child);
  onTestFinished(() => void child.kill('SIGKILL'));
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      const found = /http:\/\/\S+/.exec(chunk.toString());
      if (found !== null) resolve(found[0]);
    });
    void end.then(({ stderr }) => reject(new Error(stderr)));
  });
  return { address, port: Number(new URL(address).port), child, end };
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Asks with the path as it is: `fetch` would resolve it first. */
function ask(
  { port }: Served,
  path: string,
  { method = 'GET', host = `127.0.0.1:${port}` } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, path, method, headers: { host } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const { statusCode: status, headers } = answer;
          resolve({ status, headers, body: Buffer.concat(chunks) });
        });
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}

/** The first line of the answer to bytes that no proper client sends. */
async function askRaw({ port }: Served, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  let answer = '';
  while (!answer.includes('\r\n')) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    answer += chunk.toString('latin1');
  }
  socket.on('error', () => {}); // the server may have closed it, as it reads no more
  socket.destroy();
  return answer.slice(0, answer.indexOf('\r\n'));
}

describe('llm101 play', () => {
  it('serves the page, isolated, and ends by Ctrl-C', async () => {
    const served = await play([]);
    expect(served.address).toBe(`http://127.0.0.1:${served.port}/`);
    const { status, headers, body } = await ask(served, '/');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': "frame-ancestors 'none'",
    });
    const [, script = ''] = /src="\.(\/assets\/[^"]+\.js)"/.exec(body.toString()) ?? [];
    expect((await ask(served, script)).headers['content-type']).toContain('text/javascript');
    expect((await ask(served, '/LICENSES.txt')).status).toBe(200);
    expect((await ask(served, '/run/')).status).toBe(404);
    served.child.kill('SIGINT');
    const { status: exit, stderr } = await served.end;
    expect([exit, stderr]).toEqual([0, '']);
  });

  it('says by --json where the page is', async () => {
    const child = start(['play', '--json', '--port', '0']);
    onTestFinished(() => void child.kill('SIGKILL'));
    const end = ended(child);
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    const { status, stdout } = await end;
    expect(status).toBe(0);
    expect(documents.play.parse(JSON.parse(stdout)).address).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/$/,
    );
  });

  it('gives the files of the run and its text, and no other', async () => {
    const folder = emptyFolder();
    const [run, text, secret] = ['run', 'my text.txt', 'secret'].map((name) => join(folder, name));
    writeFileSync(text, 'ab\nba\nabba\n'.repeat(20));
    writeFileSync(secret, 'secret');
    await succeed('train', '--data', text, '--max-steps', '20', '--quiet', '--run-dir', run);
    symlinkSync(secret, join(run, 'initial.safetensors'));
    const other = join(folder, 'checkpoints');
    mkdirSync(other);
    writeFileSync(join(other, 'step-00000030.safetensors'), 'secret');
    symlinkSync(
      join(other, 'step-00000030.safetensors'),
      join(run, 'checkpoints/step-00000030.safetensors'),
    );
    writeFileSync(join(run, 'notes.txt'), 'mine');
    const served = await play([run]);
    expect(served.address).toBe(`http://127.0.0.1:${served.port}/#run=./run/`);
    const list = (await ask(served, '/run/')).body.toString();
    const { name, files } = JSON.parse(list) as { name: string; files: string[] };
    expect(name).toBe('run');
    expect(files.sort()).toEqual([
      'checkpoints/step-00000020.safetensors',
      'config.json',
      'fingerprint.json',
      'metrics.jsonl',
      'model.safetensors',
      'my text.txt',
      'samples.jsonl',
      'statistics.jsonl',
    ]);
    const model = await ask(served, '/run/model.safetensors');
    expect(model.body.equals(readFileSync(join(run, 'model.safetensors')))).toBe(true);
    const given = await ask(served, '/run/my%20text.txt');
    expect(given.body.equals(readFileSync(text))).toBe(true);
    const others = [
      '/run/notes.txt',
      '/run/initial.safetensors',
      '/run/../secret',
      '/run/..%2fsecret',
      '/run/%2e%2e/secret',
      '/../../../../../../../../etc/passwd',
      '//etc/passwd',
      '/run/%',
      '/assets/',
      '/texts/../secret',
      '/run/config.json%00',
      '/run/checkpoints/step-00000030.safetensors',
      '/run/checkpoints/',
      '/run/CONFIG.JSON',
      '/run/..\\secret',
      '/%00',
      '/constructor',
      '/run/__proto__',
      'http://evil.example/run/config.json',
    ];
    for (const path of others) {
      expect([path, (await ask(served, path)).status]).toEqual([path, 404]);
    }
  });

  it('refuses other names of this machine, and whatever would write', async () => {
    const served = await play([]);
    const names = ['evil.example', `evil.example:${served.port}`, '127.0.0.1', '127.0.0.1:1'];
    for (const host of names) expect((await ask(served, '/', { host })).status).toBe(403);
    expect((await ask(served, '/', { host: `localhost:${served.port}` })).status).toBe(200);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await ask(served, '/', { method })).status).toBe(405);
    }
  });

  it('answers what is odd, and goes on', async () => {
    const served = await play([]);
    const own = `Host: 127.0.0.1:${served.port}\r\n`;
    const odd: Record<string, string> = {
      'GET / HTTP/1.0\r\n\r\n': '403',
      'GET / HTTP/1.1\r\n\r\n': '400',
      [`GET / HTTP/1.1\r\nHost: evil.example\r\n${own}\r\n`]: '40[03]',
      [`GET / HTTP/1.1\r\n${own}Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n`]: '200',
      [`GET /${'a'.repeat(100_000)} HTTP/1.1\r\n${own}\r\n`]: '431',
      [`GET /\u0000 HTTP/1.1\r\n${own}\r\n`]: '400',
      [`GET /\u009b31m HTTP/1.1\r\n${own}\r\n`]: '40[04]',
      [`POST / HTTP/1.1\r\n${own}Content-Length: 5\r\nConnection: close\r\n\r\nhello`]: '405',
    };
    for (const [bytes, status] of Object.entries(odd)) {
      expect(await askRaw(served, bytes), bytes.slice(0, 60)).toMatch(
        new RegExp(`^HTTP/1\\.1 ${status} `),
      );
    }
    const [head, whole] = [await ask(served, '/', { method: 'HEAD' }), await ask(served, '/')];
    expect([head.status, head.body.length, whole.status]).toEqual([200, 0, 200]);
    expect(head.headers['content-type']).toBe(whole.headers['content-type']);
    served.child.kill('SIGINT');
    expect(await served.end).toMatchObject({ status: 0, stderr: '' });
  });

  it('says why a text isn’t there, to the page and on the terminal', async () => {
    const folder = emptyFolder();
    const offline = "globalThis.fetch=()=>Promise.reject(new TypeError('no network'))";
    const served = await play([], {
      LLM101_DATA_DIR: folder,
      LLM101_CACHE_DIR: folder,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(offline)}`,
    });
    const { status, body } = await ask(served, '/texts/names.txt');
    expect(status).toBe(404);
    expect(body.toString()).toContain('or name by LLM101_DATA_DIR a folder that holds it as');
    expect((await ask(served, '/texts/nothing.txt')).status).toBe(404);
    served.child.kill('SIGTERM');
    const { status: exit, stderr } = await served.end;
    expect(exit).toBe(0);
    expect(stderr).toContain('or name by LLM101_DATA_DIR a folder that holds it as');
  });

  it('says what is wrong with a run or a port', async () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, 'empty'));
    expect(await errorOf(1, 'play', join(folder, 'empty'), '--no-open')).toContain(
      'empty must be the folder of a run; it has neither config.json nor checkpoints nor model.safetensors',
    );
    expect(await errorOf(2, 'play', '--port', '70000')).toContain('--port');
    const { port } = await play([]);
    expect(await errorOf(1, 'play', '--no-open', '--port', String(port))).toBe(
      `--port ${port} can't be used: another program has it; choose another, or 0 for a free one`,
    );
  });
});
