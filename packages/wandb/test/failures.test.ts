// A server on 127.0.0.1 that fails, and what becomes of runs then.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import * as wandb from '../src/index.js';
import { begin, read, soon, timings, untimed } from './runs.js';
import { WANDB_KEY, WandbServer, type WandbFault } from '@tools/testing';

describe('a server that fails', () => {
  const passing: WandbFault[][] = [
    [500],
    [503, 'hang up', 429],
    ['silence'],
    [409, 408],
    [undefined, 502, 'silence', 'hang up'] as WandbFault[],
  ];
  it.each(passing.map((faults) => [faults]))(
    'with %j, then answers: the run arrives whole',
    async (faults) => {
      const server = await WandbServer.start();
      server.faults.push(...faults);
      const { run, messages } = begin(server.url);
      for (let i = 0; i < 5; i++) run.log({ i });
      await run.finish();
      expect(untimed(server.runs.get(run.id)?.history ?? []).map(({ i }) => i)).toEqual([
        0, 1, 2, 3, 4,
      ]);
      expect(server.runs.get(run.id)?.exitCode).toBe(0);
      expect(server.complaints).toEqual([]);
      expect(messages).toHaveLength(2);
      expect(messages[0]).toContain(`the run is kept in ${run.folder} and sent later`);
      // the run, its rows, where its files go, three of them, that they are there, the end
      expect(server.requests).toBe(faults.filter((fault) => fault !== undefined).length + 8);
    },
  );
  it('and has got rows whose answer was lost: they are there once', async () => {
    const server = await WandbServer.start();
    const { run } = begin(server.url);
    run.log({ i: 0 });
    await soon(() =>
      expect(read(run.folder, 'state.json')).toMatchObject({ sent: { history: { lines: 1 } } }),
    );
    const kept = server.runs.get(run.id);
    run.log({ i: 1 });
    kept?.history.push(readFileSync(join(run.folder, 'history.jsonl'), 'utf8').split('\n')[1]);
    await run.finish();
    expect(untimed(server.runs.get(run.id)?.history ?? []).map(({ i }) => i)).toEqual([0, 1]);
  });
  it('is waited for as long as it asks', async () => {
    const server = await WandbServer.start();
    server.faults.push(429);
    const { run } = begin(server.url, {
      timings: { ...timings, retryMs: 1e6, longestRetryMs: 1e6 },
    });
    await soon(() => expect(server.requests).toBe(1));
    await run.finish(); // wakes it
    expect(server.runs.get(run.id)?.exitCode).toBe(0);
  });
  it.each([
    ['another key', { apiKey: 'wrong' }, /answers 401 Unauthorized \(check WANDB_API_KEY\)/],
    [
      'a project that is closed',
      { project: 'forbidden' },
      /the run was refused: permission denied/,
    ],
  ])('for good, by %s: it is asked once, and the run is kept', async (_, options, reason) => {
    const server = await WandbServer.start();
    const { run, messages } = begin(server.url, options);
    run.log({ loss: 1 });
    await run.finish();
    expect(server.requests).toBe(1);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(reason);
    expect(messages[0]).toContain(`llm101 wandb sync ${run.folder} sends it`);
  });
});

describe('a run that could not be sent', () => {
  const lose = async (baseUrl: string): Promise<string> => {
    const { run, messages } = begin(baseUrl, { timings: { ...timings, finishMs: 100 } });
    for (let i = 0; i < 3; i++) run.log({ i });
    await run.finish(3); // gives up after finishMs; waiting for ever, it would run into the test's time limit
    expect(messages.at(-1)).toContain(`llm101 wandb sync ${run.folder} sends it`);
    return run.folder;
  };

  const nowhere = async (): Promise<string> => {
    const server = await WandbServer.start();
    await server.stop();
    return server.url;
  };

  it('as there is no server is sent later, and not twice', async () => {
    const folder = await lose(await nowhere());
    const server = await WandbServer.start();
    server.faults.push(500);
    const access = { apiKey: WANDB_KEY, baseUrl: server.url, timings };
    const sent = await wandb.syncRun(folder, access);
    const { id } = read(folder, 'run.json') as { id: string };
    expect(sent).toEqual({
      id,
      displayName: 'brisk-dawn-1',
      entity: 'me',
      project: 'names',
      url: `${server.url}/me/names/runs/${id}`,
      sentLines: 3,
    });
    expect(untimed(server.runs.get(id)?.history ?? []).map(({ i }) => i)).toEqual([0, 1, 2]);
    expect(server.runs.get(id)?.exitCode).toBe(3);
    expect((await wandb.syncRun(folder, access)).sentLines).toBe(0);
    expect(server.complaints).toEqual([]);
  });
  it('as the server never answers is given up in time', async () => {
    const server = await WandbServer.start();
    server.faults.push(...Array.from({ length: 100 }, (): WandbFault => 'silence'));
    expect(existsSync(await lose(server.url))).toBe(true);
  });
  it('after its first rows is resumed, summary included', async () => {
    const server = await WandbServer.start();
    const { run } = begin(server.url, { timings: { ...timings, finishMs: 50 } });
    run.log({ first: 1, both: 1 });
    await soon(() =>
      expect(read(run.folder, 'state.json')).toMatchObject({ sent: { history: { lines: 1 } } }),
    );
    server.faults.push(...Array.from({ length: 50 }, (): WandbFault => 503));
    run.log({ both: 2 });
    await run.finish();
    expect(server.runs.get(run.id)?.history).toHaveLength(1);
    server.faults.length = 0;
    const sent = await wandb.syncRun(run.folder, {
      apiKey: WANDB_KEY,
      baseUrl: server.url,
      timings,
    });
    expect(sent.sentLines).toBe(1);
    expect(JSON.parse(server.runs.get(run.id)?.summary ?? '')).toMatchObject({ first: 1, both: 2 });
  });
  it('as it has no key is kept, and says so', async () => {
    vi.stubEnv('WANDB_API_KEY', '');
    vi.stubEnv('NETRC', '/there/is/none');
    const { run, messages } = begin('http://127.0.0.1:9', { apiKey: undefined });
    run.log({ loss: 1 });
    await run.finish();
    expect(messages).toEqual([
      expect.stringContaining('WANDB_API_KEY must be set for a run to be sent'),
    ]);
    await expect(wandb.syncRun(run.folder)).rejects.toThrow('WANDB_API_KEY must be set');
    vi.unstubAllEnvs();
  });
  it('as its process was killed ends with status 1, without the row that is cut', async () => {
    const server = await WandbServer.start();
    const { run } = begin(server.url, { mode: 'offline' });
    run.log({ i: 0 });
    run.log({ i: 1 }, { step: 5 }); // not written yet
    const access = { apiKey: WANDB_KEY, baseUrl: server.url, timings };
    expect((await wandb.syncRun(run.folder, access)).sentLines).toBe(1);
    expect(server.runs.get(run.id)?.exitCode).toBe(1);
  });
});
