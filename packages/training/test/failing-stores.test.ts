// What fails is said: once, with a reason, and in the outcome.
import { startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { describeError } from '../src/index.js';
import { memoryStore } from './memory-store.js';
import { recipe } from './recipe.js';

beforeAll(() => startBackend());

describe('a store that fails', () => {
  const odd: readonly [unknown, string][] = [
    [
      new DOMException('', 'QuotaExceededError'),
      'the storage that the browser gives this site is full (QuotaExceededError)',
    ],
    [
      new DOMException('it is over', 'QuotaExceededError'),
      'is full (QuotaExceededError: it is over)',
    ],
    [new Error('full'), 'full'],
    [new Error(''), 'no reason was given, only an object Error'],
    [new Error('', { cause: new Error('inner') }), 'inner'],
    ['no room', 'no room'],
    ['', 'no reason was given, only an empty text'],
    [undefined, 'no reason was given, only undefined'],
    [null, 'no reason was given, only null'],
    [7, 'no reason was given, only 7'],
    [{}, 'no reason was given, only an object'],
  ];
  it.each(odd)('to write, with %o, is told once, and in the outcome', async (reason, text) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const store = { ...memoryStore(), write: () => Promise.reject(reason) };
    const { run, checkpoints } = recipe(store, { interval: 1 });
    const ends: unknown[] = [];
    await run({ listeners: [(event) => void (event.type === 'end' && ends.push(event))] });
    expect(warn).toHaveBeenCalledOnce();
    const [[line]] = warn.mock.calls as [[string]];
    expect(line).toMatch(/^a checkpoint can't be written: /);
    expect(line).toContain(text);
    expect(checkpoints.outcome).toMatchObject({ written: 0, lastStep: undefined });
    expect(checkpoints.outcome.failed).toBeGreaterThan(0);
    expect(checkpoints.outcome.error).toContain(text);
    expect(ends).toEqual([expect.objectContaining({ checkpoints: checkpoints.outcome })]);
    warn.mockRestore();
  });
  it('to write can end the run', async () => {
    const store = { ...memoryStore(), write: () => Promise.reject(new Error('full')) };
    const onError = (cause: unknown): never => {
      throw new Error('nothing can be saved', { cause });
    };
    await expect(recipe(store, { onError }).run()).rejects.toThrow('nothing can be saved');
  });
  it('to remove is told once, and counts as written', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const store = { ...memoryStore(), remove: () => Promise.reject(new Error('busy')) };
    const { run, checkpoints } = recipe(store, { interval: 1 });
    await run({ maxSteps: 200 });
    expect(warn.mock.calls).toEqual([
      ["an outdated checkpoint can't be removed: busy; more are kept than are needed"],
    ]);
    expect(checkpoints.outcome).toMatchObject({ failed: 0, lastStep: 200, error: undefined });
    warn.mockRestore();
  });
  it('to list ends the run before it begins, as does one of which nothing can be read', async () => {
    const store = memoryStore();
    await recipe(store).run();
    const failing = { ...store, list: () => Promise.reject(undefined) };
    await expect(recipe(failing).run()).rejects.toThrow(
      "the checkpoints can't be listed: no reason was given, only undefined",
    );
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const unreadable = { ...store, read: () => Promise.reject(null) };
    await expect(recipe(unreadable).run()).rejects.toThrow(
      "no checkpoint that can be used; the newest is step-00000010.safetensors: it can't be read: no reason was given, only null",
    );
    expect(warn).toHaveBeenCalledTimes(2);
    warn.mockRestore();
  });
});

it('a listener that fails later, as an async function does, ends the run', async () => {
  const late = async (): Promise<void> => {
    await Promise.resolve();
    throw new Error('too late');
  };
  await expect(recipe(memoryStore()).run({ listeners: [late] as never })).rejects.toThrow(
    'too late',
  );
});

it('describeError never has an empty line', () => {
  expect(describeError(Symbol('s'))).not.toBe('');
  expect(describeError(() => {})).not.toBe('');
  expect(describeError(1n)).not.toBe('');
});
