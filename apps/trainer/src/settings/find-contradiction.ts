import { type Settings, settingsSchema } from './settings.js';

type Key = keyof Settings;

/** Settings that only some values of another one read. */
const READ_BY: Readonly<Partial<Record<Key, { readonly key: Key; readonly values: string[] }>>> = {
  contextSize: { key: 'model', values: ['mlp', 'cnn'] },
  dEmbed: { key: 'model', values: ['mlp', 'cnn'] },
  batchSize: { key: 'model', values: ['mlp', 'cnn'] },
  depth: { key: 'model', values: ['wavenet'] },
  blocks: { key: 'model', values: ['wavenet'] },
  layerNorm: { key: 'model', values: ['wavenet'] },
  dropout: { key: 'model', values: ['wavenet'] },
  packedSize: { key: 'model', values: ['wavenet'] },
  momentum: { key: 'optimizer', values: ['sgd'] },
  nesterov: { key: 'optimizer', values: ['sgd'] },
  beta1: { key: 'optimizer', values: ['adam', 'adamw'] },
  beta2: { key: 'optimizer', values: ['adam', 'adamw'] },
  epsilon: { key: 'optimizer', values: ['adam', 'adamw'] },
  warmupSteps: { key: 'schedule', values: ['constant', 'step', 'cosine'] },
  finalLr: { key: 'schedule', values: ['cosine'] },
  stepSize: { key: 'schedule', values: ['step'] },
  gamma: { key: 'schedule', values: ['step'] },
};

/**
 * What is wrong with settings that are each right: one that isn't read at all, or one that lacks another.
 *
 * @param nameOf - what the user calls a setting
 */
export function findContradiction(
  settings: Settings,
  nameOf: (key: string) => string,
): string | undefined {
  const defaults = settingsSchema.parse({});
  for (const [written, { key, values }] of Object.entries(READ_BY)) {
    const name = written as Key;
    if (settings[name] === defaults[name] || values.includes(String(settings[key]))) continue;
    return `${nameOf(name)} is for ${nameOf(key)} ${values.join(', ')}; got ${nameOf(key)} ${settings[key]}`;
  }
  if (settings.nesterov && settings.momentum === 0) {
    return `${nameOf('nesterov')} needs a ${nameOf('momentum')} above 0; got 0, try 0.9`;
  }
  if (settings.patience > 0 && settings.valInterval === 0) {
    return `${nameOf('patience')} needs validations; got ${nameOf('valInterval')} 0, try 100`;
  }
  if (settings.warmupSteps >= settings.maxSteps) {
    return (
      `${nameOf('warmupSteps')} must be below ${nameOf('maxSteps')}; ` +
      `got ${settings.warmupSteps} of ${settings.maxSteps}`
    );
  }
  return undefined;
}
