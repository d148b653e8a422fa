// What the page is told of texts, held against the packages' own.
import { loadText, toyTasks } from '@llm101/data';
import { prepareData, resolveSettings, Run } from '@llm101/runs';
import { compile, startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseAddress } from '../src/state/address.js';
import { en } from '../src/strings/en.js';
import type { RequestName, Requests } from '../src/protocol.js';
import { answer } from '../src/worker/requests/index.js';
import { piecesOf } from '../src/worker/texts.js';

beforeAll(() => startBackend());

async function ask<Name extends RequestName>(
  name: Name,
  input: Requests[Name]['input'],
  run?: Run,
): Promise<Requests[Name]['output']> {
  const job = { signal: new AbortController().signal, tell: () => {} };
  const { output } = await answer(run, { name, input }, job);
  return output as Requests[Name]['output'];
}

describe('toy tasks', () => {
  it('are told with their sizes, as a name has them', async () => {
    const { tasks, chosen } = await ask('toys', { data: 'sort:length=5' });
    expect(tasks.map(({ name }) => name)).toEqual([...toyTasks.keys()]);
    expect(chosen?.name).toBe('sort');
    const length = chosen?.sizes.find(({ name }) => name === 'length');
    expect(length).toMatchObject({ least: 1, most: 100, value: 5 });
    expect((await ask('toys', { data: 'names' })).chosen).toBeUndefined();
  });

  it('get a name of other sizes, and words where there can be none', async () => {
    const sizes = { length: 5, shortest: 1, symbols: 8, lines: 10_000, seed: 1 };
    expect(await ask('toyName', { name: 'sort', sizes })).toEqual({ data: 'sort:length=5' });
    await expect(ask('toyName', { name: 'sort', sizes: { length: 0 } })).rejects.toThrow(
      'length is a whole number from 1 to 100',
    );
  });

  it('have words on the page, each and all their sizes', () => {
    expect(Object.keys(en.text.tasks)).toEqual([...toyTasks.keys()]);
    const sizes = new Set([...toyTasks.values()].flatMap((task) => Object.keys(task.sizes)));
    expect(new Set(Object.keys(en.text.sizes))).toEqual(sizes);
  });

  it('are in an address with their sizes, while files and hosts are not', async () => {
    expect(parseAddress('#data=sort:length=5,lines=20').flags).toEqual({
      data: 'sort:length=5,lines=20',
    });
    for (const data of ['https://example.org/a', '/etc/passwd', 'a\\b', 'sort:../x']) {
      expect(parseAddress(`#data=${encodeURIComponent(data)}`).flags, data).toEqual({});
    }
    const pieces = await piecesOf('sort:length=3,lines=4', undefined);
    expect(pieces).toBeDefined();
  });
});

describe('the text of a run', () => {
  it('is told by its first lines, tokens, parts and duplicates', async () => {
    const settings = resolveSettings({ flags: { distinct: false } });
    const text = { ...(await loadText('names')), text: 'anna\nemma\nanna\nanna\nemma\n' };
    const data = await prepareData({ ...settings, valSize: 0.4 }, text);
    const run = new Run(settings, data, compile);
    const look = await ask('text', undefined, run);
    const lines = look.lines.map((line) => line.map(({ text: token }) => token).join(''));
    expect(lines).toEqual(['.anna', '.emma', '.anna', '.anna', '.emma']);
    expect(look.vocabulary[0]).toMatchObject({ text: 'a', count: 8 });
    expect(look.vocabulary.reduce((sum, { count }) => sum + count, 0)).toBe(look.tokens);
    expect(look.train.lines).toBe(3);
    expect(look.val.lines).toBe(2);
    expect(look.duplicates).toMatchObject({ lines: 5, distinct: 2, heldOut: 2 });
    run.dispose();
  });

  it('is told of a stream, line by line', async () => {
    const settings = resolveSettings({
      flags: { examples: 'blocks', model: 'gpt', contextSize: 4 },
    });
    const text = { ...(await loadText('names')), text: 'to be\nor not\nto be\n'.repeat(9) };
    const run = new Run(settings, await prepareData(settings, text), compile);
    const look = await ask('text', undefined, run);
    expect(look.lines[1].map(({ text: token }) => token).join('')).toBe('or not\n');
    expect(look.duplicates).toBeUndefined();
    expect(look.train.lines).toBeUndefined();
    run.dispose();
  });

  it('isn’t there before a run is', async () => {
    await expect(ask('text', undefined)).rejects.toThrow('its text is not there yet');
  });
});
