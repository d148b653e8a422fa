// Where files go, and which: a server and a folder may say anything.
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WANDB_KEY, WandbServer } from '@tools/testing';
import { describe, expect, it } from 'vitest';
import * as wandb from '../src/index.js';
import { parseUploadTarget } from '../src/server/upload-target.js';
import { emptyFolder, keptRun, timings } from './runs.js';

describe('where a file goes', () => {
  const target = (uploadUrl: unknown, uploadHeaders: unknown = [], base = 'https://api.host') =>
    parseUploadTarget({ uploadUrl, uploadHeaders }, base);
  it.each([
    ['https://bucket/a?sig=1', 'https://bucket/a?sig=1', false],
    ['/upload/a', 'https://api.host/upload/a', true],
    ['//bucket/a', 'https://bucket/a', false],
    ['https://api.host/a', 'https://api.host/a', false],
  ])('may be %s', (given, url, isOwn) => {
    expect(target(given)).toEqual({ url, headers: {}, isOwn });
  });
  it.each([
    'http://bucket/a',
    'file:///etc/passwd',
    'https://me:pw@bucket/a',
    'data:,x',
    'https://',
    '',
    null,
    7,
    {},
    undefined,
  ])('may not be %j', (given) => {
    const base = given === '' ? 'https://me@api.host' : undefined;
    expect(() => target(given, [], base)).toThrow(/must have the address for a file, of https,/);
  });
  it('has headers of the server, but for ours', () => {
    const given = [
      'x-goog-meta: 1',
      'Content-MD5:abc==',
      'Authorization: Bearer x',
      'cookie: a',
      'Content-Length: 0',
      'a b: c',
      'x: a\r\nb: c',
      `long: ${'x'.repeat(5000)}`,
      7,
      null,
    ];
    expect(target('/a', given).headers).toEqual({ 'x-goog-meta': '1', 'Content-MD5': 'abc==' });
    const many = Array.from({ length: 50 }, (_, i) => `x-${i}: 1`);
    expect(Object.keys(target('/a', many).headers)).toHaveLength(20);
    expect(target('/a', 'x: y').headers).toEqual({});
    expect(target('http://bucket/a', [], 'http://own').url).toBe('http://bucket/a');
  });
});

it('a folder from elsewhere sends nothing from beyond it', async () => {
  const server = await WandbServer.start();
  const elsewhere = emptyFolder();
  writeFileSync(join(elsewhere, 'secret.txt'), 'secret');
  const folder = keptRun();
  rmSync(join(folder, 'files'), { recursive: true });
  symlinkSync(elsewhere, join(folder, 'files'));
  const ids = { step: 0, clientId: 'c', sequenceClientId: 's', name: 'a', type: 'b', aliases: [] };
  for (const [number, path] of ['secret.txt', '../../../secret.txt'].entries()) {
    const place = join(folder, 'artifacts', String(number));
    mkdirSync(place, { recursive: true });
    symlinkSync(join(elsewhere, 'secret.txt'), join(place, 'secret.txt'));
    const files = [{ path, digest: 'x', size: 6 }];
    writeFileSync(join(place, 'artifact.json'), JSON.stringify({ ...ids, files }));
  }
  const messages: string[] = [];
  const { id } = await wandb.syncRun(folder, {
    apiKey: WANDB_KEY,
    baseUrl: server.url,
    timings,
    onMessage: (message) => messages.push(message),
  });
  const sent = [...(server.runs.get(id)?.files.keys() ?? [])];
  expect(sent.toSorted()).toEqual(['config.yaml', 'wandb-summary.json']);
  expect(server.artifacts).toEqual([]);
  expect(readdirSync(elsewhere)).toEqual(['secret.txt']);
  expect(messages).toEqual([
    expect.stringContaining('secret.txt must be a file, and no link'),
    expect.stringContaining('files must be a list of path, digest and size'),
  ]);
});
