// Files that W&B's client reads, whatever they hold: keys in ~/.netrc, kept runs; and a run that is disabled.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WANDB_KEY, WandbServer } from '@tools/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as wandb from '../src/index.js';
import { netrcPassword } from '../src/settings/netrc.js';
import { begin, emptyFolder, keptRun, timings, untimed } from './runs.js';

describe('netrc', () => {
  it.each([
    ['machine api.wandb.ai login user password KEY', 'KEY'],
    [
      'machine other\n login user\n password no\nmachine api.wandb.ai\n\tlogin user\n\tpassword KEY\n',
      'KEY',
    ],
    ['machine api.wandb.ai login user password "K\\"EY "', 'K"EY '],
    ['# machine api.wandb.ai password no\nmachine api.wandb.ai password KEY', 'KEY'],
    ['macdef init\nmachine api.wandb.ai password no\n\nmachine api.wandb.ai password KEY', 'KEY'],
    ['machine machine password no\nmachine api.wandb.ai login password password KEY', 'KEY'],
    ['default login user password no', undefined],
    ['machine api.wandb.ai login user\nmachine other password no', undefined],
    ['machine api.wandb.ai.evil password no', undefined],
    ['machine', undefined],
    ['machine api.wandb.ai password', undefined],
    ['\u0000\uFFFD"', undefined],
  ])('%j', (text, key) => expect(netrcPassword(text, 'api.wandb.ai')).toBe(key));
  it('has the key where the environment has none', async () => {
    const server = await WandbServer.start();
    const netrc = join(emptyFolder(), 'netrc');
    writeFileSync(netrc, `machine 127.0.0.1 login user password ${WANDB_KEY}\n`);
    vi.stubEnv('NETRC', netrc);
    vi.stubEnv('WANDB_API_KEY', '');
    const { run } = begin(server.url, { apiKey: undefined });
    run.log({ loss: 1 });
    await run.finish();
    expect(server.runs.get(run.id)?.exitCode).toBe(0);
  });
});

it('a run that is disabled is neither kept nor sent', async () => {
  const server = await WandbServer.start();
  vi.stubEnv('WANDB_MODE', 'disabled');
  const folder = join(emptyFolder(), 'wandb');
  const run = wandb.init({ folder, baseUrl: server.url, apiKey: WANDB_KEY, config: { a: 1 } });
  run.updateConfig({ b: 2 });
  run.log({ loss: 1 });
  await run.finish();
  expect([run.config, existsSync(folder), server.requests]).toEqual([{ a: 1, b: 2 }, false, 0]);
});

describe('a kept run', () => {
  const files: [string, string, RegExp][] = [
    ['run.json', 'null', /run.json must hold an object/],
    ['run.json', '[', /run.json is not JSON/],
    [
      'run.json',
      `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
      /run.json nests deeper than 32 levels/,
    ],
    ['run.json', '{"id":1}', /run.json: id must be a string/],
    [
      'run.json',
      '{"id":"a","project":"p","startedAt":"","host":"","program":"","config":[]}',
      /config must be/,
    ],
    ['run.json', 'x'.repeat(16_000_001), /may have, 16,000,000/],
    ['state.json', '{"sent":{"history":{"bytes":-1}}}', /bytes of history must be a whole number/],
    ['state.json', '{"sent":{"events":{"lines":1e300}}}', /lines of events must be a whole number/],
    ['state.json', '{"sent":3}', /sent must be an object/],
    ['state.json', '{"files":[1]}', /files must be a list of strings/],
    ['state.json', '{"artifacts":"1"}', /artifacts must be a whole number/],
    ['state.json', '{"base":{"lines":null}}', /base must be what the server had/],
    [
      'run.json',
      '{"id":"a","project":"p","startedAt":"","host":"","program":"","tags":"x"}',
      /tags must be a list/,
    ],
    [
      'run.json',
      '{"id":"a","project":"p","startedAt":"","host":"","program":"","resume":"x"}',
      /resume must be must/,
    ],
    ['state.json', '{"complete":"no"}', /complete must be true or false/],
    ['state.json', '{"exitCode":{}}', /exitCode must be a number/],
    ['state.json', 'x'.repeat(1_000_001), /may have, 1,000,000/],
  ];
  it.each(files)('whose %s is %.30j is refused', async (name, content, message) => {
    const folder = keptRun();
    writeFileSync(join(folder, name), content);
    const server = await WandbServer.start();
    const sent = wandb.syncRun(folder, { baseUrl: server.url, apiKey: WANDB_KEY, timings });
    await expect(sent).rejects.toThrow(message);
    await expect(sent).rejects.not.toBeInstanceOf(TypeError);
    expect(server.requests).toBe(0);
  });
  it('whose state counts more than its history has is sent from the start', async () => {
    const folder = keptRun();
    writeFileSync(
      join(folder, 'state.json'),
      '{"sent":{"history":{"lines":7,"bytes":9000000}},"exitCode":0}',
    );
    const server = await WandbServer.start();
    const { id } = await wandb.syncRun(folder, { baseUrl: server.url, apiKey: WANDB_KEY, timings });
    expect(untimed(server.runs.get(id)?.history ?? [])).toEqual([{ _step: 0, loss: 1 }]);
  });
});

afterEach(() => {
  vi.unstubAllEnvs();
});
