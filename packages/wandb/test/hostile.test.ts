// Servers that answer anything: each ends in an error of ours, within bounds, and the key stays where it is.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { WANDB_KEY } from '@tools/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import * as wandb from '../src/index.js';
import { waitMs } from '../src/settings/timings.js';
import { begin, emptyFolder, keptRun, timings } from './runs.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on 127.0.0.1 that answers as it likes. */
async function serve(answer: Answer): Promise<{ url: string; requests: () => number }> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    response.on('error', () => {});
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
  };
}

/** Sends a kept run there. */
async function send(baseUrl: string, more: Partial<typeof timings> = {}) {
  const messages: string[] = [];
  const error: unknown = await wandb
    .syncRun(keptRun(), {
      baseUrl,
      apiKey: WANDB_KEY,
      timings: { ...timings, ...more },
      onMessage: (message) => messages.push(message),
    })
    .catch((reason: unknown) => reason);
  return { error, messages };
}

/** The words of errors that JavaScript makes by itself. */
const NOT_OURS =
  /Cannot read|undefined|is not a function|not iterable|fetch failed|Maximum call|URI malformed/;

const json =
  (value: unknown): Answer =>
  (_, response) =>
    response.end(typeof value === 'string' ? value : JSON.stringify(value));

const named = (fields: object): object => ({
  data: {
    upsertBucket: {
      bucket: {
        name: 'id',
        displayName: 'x',
        project: { name: 'p', entity: { name: 'e' } },
        ...fields,
      },
    },
  },
});

describe('an answer', () => {
  const answers: Readonly<Record<string, [Answer, RegExp]>> = {
    null: [json('null'), /the run was refused: no reason given/],
    'a list': [json([]), /no reason given/],
    'a text': [json('"x"'), /no reason given/],
    nothing: [json(''), /no reason given/],
    'no data': [json({ data: null, errors: 'x' }), /no reason given/],
    'errors of any kind': [
      json({ errors: [null, 1, {}, { message: {} }, { message: 'why' }] }),
      /refused: why$/,
    ],
    'a very long reason': [json({ errors: [{ message: 'x'.repeat(1e5) }] }), /refused: x{200}$/],
    'a list for data': [json({ data: { upsertBucket: [] } }), /no reason given/],
    'an empty run': [
      json({ data: { upsertBucket: { bucket: {} } } }),
      /must have the name of the run/,
    ],
    'a number for a name': [json(named({ name: 1 })), /must have the name of the run/],
    'no project': [json(named({ project: null })), /must have the name of the project/],
    'no entity': [json(named({ project: { name: 'p' } })), /must have the name of the entity/],
    'a path for a name': [json(named({ name: '..' })), /must have the name of the run/],
    'half a pair': [
      json('{"data":{"upsertBucket":{"bucket":{"name":"\\ud800"}}}}'),
      /must have the name/,
    ],
    'a name without end': [json(named({ displayName: 'x'.repeat(501) })), /of 1 to 500 characters/],
    'a name of a prototype': [json('{"__proto__":{"data":1}}'), /no reason given/],
    'deep JSON': [
      json(`${'['.repeat(100_000)}${']'.repeat(100_000)}`),
      /must answer with JSON: it nests deeper than 16 levels/,
    ],
    'wide JSON': [json(`[${'0,'.repeat(20_000)}0]`), /holds more than 10000 values/],
    'a page': [
      json('<!doctype html>\n<title>log in'),
      /must answer with JSON; got "<!doctype html>\\n<title>/,
    ],
    'no UTF-8': [
      (_, response) => response.end(Buffer.from([0xff, 0xfe, 0x80])),
      /must answer with JSON; got/,
    ],
    '2 MB': [json(`"${'x'.repeat(2_000_000)}"`), /may answer with 1000000 bytes; it sends more/],
    'a bomb': [
      (_, response) => {
        response.setHeader('Content-Encoding', 'gzip');
        response.end(gzipSync(Buffer.alloc(200_000_000)));
      },
      /may answer with 1000000 bytes; it sends more/,
    ],
    'no gzip, though it says so': [
      (_, response) => {
        response.setHeader('Content-Encoding', 'gzip');
        response.end('plain');
      },
      /can't be reached \(/,
    ],
    drips: [
      (_, response) => {
        const timer = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(timer));
      },
      /can't be reached \(no whole answer in 0.2 s\)/,
    ],
    'headers without end': [
      (_, response) => {
        response.setHeader('X-Long', 'x'.repeat(100_000));
        response.end('{}');
      },
      /can't be reached \(/,
    ],
    'a long error': [
      (_, response) => {
        response.statusCode = 400;
        response.end('x'.repeat(10_000));
      },
      /answers 400 Bad Request \(x{200}\)$/,
    ],
    'an endless error': [
      (_, response) => {
        response.statusCode = 500;
        const more = (): void => void (response.write('x'.repeat(65_536)) && setImmediate(more));
        response.on('drain', more);
        more();
      },
      /may answer with 1000000 bytes/,
    ],
    'what it got': [
      ({ headers }, response) => {
        response.statusCode = 400;
        response.end(`${WANDB_KEY} ${String(headers.authorization)}`);
      },
      /answers 400 Bad Request \(\*\*\* Basic \*\*\*\)$/,
    ],
  };
  it.each(Object.keys(answers))('of %s ends in an error of ours', async (name) => {
    const [answer, message] = answers[name];
    const server = await serve(answer);
    const { error } = await send(server.url, { timeoutMs: name === 'drips' ? 200 : 5000 });
    expect(error).toBeInstanceOf(wandb.WandbError);
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toMatch(NOT_OURS);
    expect(String(error)).not.toContain(WANDB_KEY);
    expect(server.requests()).toBeLessThanOrEqual(5);
  });
  it('that leads elsewhere is not followed, and the key goes nowhere else', async () => {
    const other = await serve(json({}));
    for (const location of [other.url, 'file:///etc/passwd', '//[', '']) {
      const server = await serve((_, response) => {
        response.writeHead(307, { Location: location }).end();
      });
      const { error } = await send(server.url);
      expect(error).toBeInstanceOf(wandb.WandbError);
      expect(String(error)).toMatch(
        /answers 307 Temporary Redirect, which leads to .*the key is sent/,
      );
      expect(server.requests()).toBe(1);
    }
    expect(other.requests()).toBe(0);
  });
});

describe('a wait', () => {
  it('is bounded below by our own, and above', () => {
    const bounds = { ...timings, retryMs: 1000, longestRetryMs: 60_000 };
    const cases: [number, number | undefined, number][] = [
      [0, undefined, 1000],
      [3, undefined, 8000],
      [0, 0, 1000],
      [3, 0, 8000],
      [0, 30_000, 30_000],
      [0, 3_600_000, 60_000],
      [1e9, undefined, 60_000],
    ];
    for (const [failures, asked, expected] of cases) {
      expect(waitMs(bounds, failures, asked)).toBe(expected);
    }
  });
  it.each(['0', '3600', '1e99', '-5', 'x', new Date(8.64e15).toUTCString(), '\u00A0'])(
    'that a server asks for by %j is said, and five requests are made in all',
    async (retryAfter) => {
      const server = await serve((_, response) => {
        response.setHeader('Retry-After', retryAfter);
        response.statusCode = 429;
        response.end();
      });
      const { error, messages } = await send(server.url);
      expect(String(error)).toMatch(/answers 429 Too Many Requests \(\)$/);
      expect(server.requests()).toBe(5);
      expect(messages).toHaveLength(4);
      const waits = messages.map((message) =>
        Number(/tried again in ([\d.]+) s/.exec(message)?.[1]),
      );
      for (const [i, wait] of waits.entries()) {
        expect(wait).toBeGreaterThanOrEqual(
          Math.min(timings.retryMs * 2 ** i, timings.longestRetryMs) / 1000,
        );
        expect(wait).toBeLessThanOrEqual(timings.longestRetryMs / 1000);
      }
    },
  );
  it('of a run that trains is no storm', async () => {
    const server = await serve((_, response) => {
      response.setHeader('Retry-After', '0');
      response.statusCode = 503;
      response.end();
    });
    const { run, messages } = begin(server.url, {
      timings: { ...timings, retryMs: 60_000, longestRetryMs: 60_000, finishMs: 300 },
    });
    run.log({ loss: 1 });
    await vi.waitFor(() => expect(messages).toHaveLength(1), { timeout: 200_000 }); // it failed once
    await run.finish(); // wakes it once, then its own wait lasts longer than it has
    expect(server.requests()).toBe(2);
  });
});

describe('an address with a password', () => {
  it.each([
    'http://user:secret@127.0.0.1:9',
    'https://secret@host',
    'ftp://a:secret@b',
    'a:secret@b',
  ])('%s is refused, and not shown', async (baseUrl) => {
    const init = (): wandb.WandbRun =>
      wandb.init({ baseUrl, folder: join(emptyFolder(), 'wandb') });
    expect(init).toThrow(RangeError);
    expect(init).toThrow(/WANDB_BASE_URL must be .*\*\*\*@/);
    expect(init).not.toThrow(/secret/);
    const { error } = await send(baseUrl);
    expect(String(error)).toMatch(/WANDB_BASE_URL must be/);
    expect(String(error)).not.toContain('secret');
  });
});
