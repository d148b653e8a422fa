// Where settings come from, and what overrides what.
import { describe, expect, it } from 'vitest';
import {
  isNumeric,
  layerOf,
  resolveSettings,
  settingHelp,
  settingKeys,
  settingLayers,
  type SettingSources,
} from '../src/index.js';

const origins = (sources: SettingSources, ...keys: string[]): string[] => {
  const layers = settingLayers(sources);
  return keys.map((key) => layerOf(layers, key)?.origin(key) ?? 'default');
};

describe('settings', () => {
  it('are numbers where their help says so, whatever their range', () => {
    const value = /^(n|rate|m|b|e|w|g|nats|decay|fraction)(\||$)/;
    const said = settingKeys.filter((key) => value.test(settingHelp(key).value ?? ''));
    expect(settingKeys.filter(isNumeric)).toEqual(said);
    expect(said).toContain('patchSize');
  });
  const file = { path: 'run.json', settings: { lr: 1, momentum: 0.1, batchSize: 8 } };
  const environment = { lr: 2, momentum: 0.2 };
  const flags = { lr: 3 };
  it('of a flag count before the environment, that before the file, that before the defaults', () => {
    const sources = { flags, environment, file };
    expect(resolveSettings(sources)).toMatchObject({
      lr: 3,
      momentum: 0.2,
      batchSize: 8,
      seed: 101,
    });
    expect(origins(sources, 'lr', 'momentum', 'batchSize', 'seed')).toEqual([
      '--lr',
      'LLM101_MOMENTUM',
      'run.json',
      'default',
    ]);
  });
  it('of a preset have the precedence of the source that names it', () => {
    const named = { preset: 'wavenet-small' };
    const above = { flags: {}, environment: named, file: { path: 'f', settings: { lr: 1 } } };
    expect(resolveSettings(above)).toMatchObject({ lr: 0.006, model: 'wavenet' });
    expect(origins(above, 'lr', 'preset')).toEqual(['preset wavenet-small', 'LLM101_PRESET']);
    const below = { flags: {}, environment: { lr: 1 }, file: { path: 'f', settings: named } };
    expect(resolveSettings(below)).toMatchObject({ lr: 1, model: 'wavenet' });
  });
  it('that are wrong are named where they stand', () => {
    const wrong = { optimizer: 'sdg' };
    const message = (sources: SettingSources) => () => resolveSettings(sources);
    expect(message({ flags: wrong })).toThrow(
      /^--optimizer must be sgd, adam, adamw, muon or schedule-free; got "sdg"/,
    );
    expect(message({ flags: {}, environment: wrong })).toThrow(/^LLM101_OPTIMIZER must be/);
    expect(message({ flags: {}, file: { path: 'a.json', settings: wrong } })).toThrow(
      /^a.json: optimizer must be/,
    );
  });
});
