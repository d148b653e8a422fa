// The command that commandOf writes is what a shell makes these settings of.
import { commandOf, type RawSettings, resolveSettings } from '@llm101/runs';
import { expect, it } from 'vitest';
import { ended, startAfter } from './llm101.js';

it.skipIf(process.platform === 'win32').each<RawSettings>([
  { data: "Anna's $HOME `text`.txt", alphabet: '-a b"\'\\c~' },
  { preset: 'names-gpt', tiedHead: true, qkNorm: false, warmupSteps: '5%', compile: false },
  { model: 'gpt', bias: 'norm,attention', optimizer: 'adamw', epsilon: 1e-9, shards: 'auto' },
  { preset: 'wavenet', data: 'makemore-names', epochs: 0.5, normalize: 'nfc' },
])('commandOf: %j', async (flags) => {
  const settings: RawSettings = resolveSettings({ flags });
  const words = commandOf(resolveSettings({ flags })).replace('llm101 train', '');
  const child = startAfter(`set -- "$@" ${words}`, ['config', '--json']);
  const { stdout, stderr } = await ended(child);
  expect(stderr).toBe('');
  const { settings: rows } = JSON.parse(stdout) as {
    settings: { setting: string; value: unknown }[];
  };
  for (const { setting, value } of rows) {
    expect([setting, value]).toEqual([setting, settings[setting] ?? null]);
  }
});
