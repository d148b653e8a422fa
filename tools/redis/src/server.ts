import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { findCommand } from '@tools/browsers/debian';

/** Whether redis-server is installed; tests that need it are skipped without. On Debian: `apt-get install redis-server`. */
export const hasRedis = findCommand('redis-server') !== undefined;

/** A Redis on 127.0.0.1, with a folder of its own. */
export interface RedisServer {
  /** `redis://127.0.0.1:40123`, with the password where it has one. */
  readonly url: string;
  readonly port: number;
  /** Sends a command as one line. @returns the answer as it comes, `:1`, with LF for CRLF */
  ask(line: string): Promise<string>;
  /** Starts it anew, on the same port, with what its append-only file has. @param signal - that ends it before. Default: SIGKILL */
  restart(signal?: NodeJS.Signals): Promise<void>;
  /** Ends it, and deletes its folder. */
  stop(): Promise<void>;
}

/** Settings of {@link startRedis}. */
export interface RedisOptions {
  readonly password?: string;
  /** As on its command line, `--maxmemory-policy allkeys-lru`. */
  readonly flags?: readonly string[];
}

/** How long it may take to begin; a busy machine takes its time. */
const PATIENCE_MS = 30_000;

/** Starts a Redis on a free port, with an append-only file. @throws Error when it doesn't begin */
export async function startRedis({
  password,
  flags = [],
}: RedisOptions = {}): Promise<RedisServer> {
  const program = findCommand('redis-server');
  if (program === undefined) {
    throw new Error('redis-server must be installed: on Debian by apt-get install redis-server');
  }
  const folder = mkdtempSync(join(tmpdir(), 'llm101-redis-'));
  const port = await freePort();
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--appendonly',
    'yes',
    '--save',
    '',
    '--daemonize',
    'no',
    '--loglevel',
    'warning',
    ...(password === undefined ? [] : ['--requirepass', password]),
    ...flags,
  ];
  const start = async (): Promise<ChildProcess> => {
    const started = spawn(program, args, { stdio: 'ignore' });
    await untilItListens(started, port);
    return started;
  };
  let child = await start();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  };
  const user = password === undefined ? '' : `:${encodeURIComponent(password)}@`;
  return {
    url: `redis://${user}127.0.0.1:${port}`,
    port,
    ask: (line) => ask(port, line, password),
    async restart(signal = 'SIGKILL') {
      await end(signal);
      child = await start();
    },
    async stop() {
      await end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port of 127.0.0.1 on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}

/** Asks again while it is still loading. */
async function ask(port: number, line: string, password: string | undefined): Promise<string> {
  const lines = [...(password === undefined ? [] : [`AUTH ${password}`]), line, 'ECHO end'];
  for (;;) {
    const text = await new Promise<string>((resolve, reject) => {
      let answer = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(`${lines.join('\r\n')}\r\n`));
      socket.once('error', reject);
      socket.on('data', (bytes) => {
        answer += bytes.toString();
        if (!/(?:\r\n|^)\$3\r\nend\r\n$|LOADING/.test(answer)) return;
        socket.destroy();
        resolve(answer.replace(/\$3\r\nend\r\n$/, '').replace(/^\+OK\r\n(?=.)/s, ''));
      });
    });
    if (!text.includes('-LOADING')) return text.replaceAll('\r\n', '\n').trimEnd();
    await setTimeout(20);
  }
}

async function untilItListens(child: ChildProcess, port: number): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`);
    if (performance.now() > until) throw new Error('redis-server takes too long to begin');
    await setTimeout(20);
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}
