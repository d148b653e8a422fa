import { type ResolvedGPTConfig, resolveGPTConfig } from '@llm101/models';
import { gpt } from '../models/gpt.js';
import { modelKinds, type ModelName } from '../models/index.js';
import type { ModelKind } from '../models/model-kind.js';
import type { Settings } from '../settings/settings.js';
import { array, call, type Code, number, object, string } from './layout.js';

type Sizes = Readonly<Record<string, unknown>>;

/** A class of `@llm101/models`, and what it takes where a size isn't given. */
interface ModelClass {
  readonly name: string;
  readonly defaults: Sizes;
}

const recurrent: ModelClass = {
  name: 'RecurrentNetwork',
  defaults: { layers: 1, dropout: 0, separated: true },
};

const CLASSES: Readonly<Record<ModelName, ModelClass>> = {
  mlp: {
    name: 'MLP',
    defaults: {
      activation: 'relu',
      bias: true,
      batchNorm: false,
      layerNorm: false,
      residual: false,
      dropout: 0,
      init: 'pytorch',
    },
  },
  cnn: { name: 'CNN', defaults: {} },
  wavenet: {
    name: 'WaveNet',
    defaults: { blocks: 1, layerNorm: false, dropout: 0, separated: true },
  },
  gpt: { name: 'GPT', defaults: {} },
  bigram: { name: 'Bigram', defaults: {} },
  gru: recurrent,
  lstm: recurrent,
  megabyte: { name: 'Megabyte', defaults: { dropout: 0, separated: false } },
};

/** `new MLP({ … }, generator)`, its sizes those that aren't the class's defaults. */
export function modelCode(settings: Settings): Code {
  const { model } = settings;
  const kind: Pick<ModelKind<{ readonly vocabSize: number }, Settings>, 'sizesOf'> = modelKinds[
    model
  ];
  const { name, defaults } = CLASSES[model];
  const sizes: Sizes =
    model === 'gpt' ? leanGpt(gpt.sizesOf(settings, 2)) : { ...kind.sizesOf(settings, 2) };
  const cell = name === recurrent.name ? { cell: string(model) } : {};
  const own = Object.entries(sizes)
    .filter(([key, value]) => value !== undefined && value !== defaults[key])
    .map(([key, value]) => [key, isNamed(key) || valueCode(value)] as const);
  return call(`new ${name}`, object({ ...cell, ...Object.fromEntries(own) }), 'generator');
}

/** Sizes that are variables of the program. */
const isNamed = (key: string): boolean => key === 'vocabSize' || key === 'contextSize';

/** What of a GPT's config has to be said. */
function leanGpt({ dropout, bias, ...config }: ResolvedGPTConfig): Sizes {
  const { vocabSize, contextSize, channels, heads, layers, activation, norm } = config;
  const sizes = { vocabSize, contextSize, channels, heads, layers };
  const usual: Sizes = { ...resolveGPTConfig({ ...sizes, activation, norm, bias: true }) };
  const biases = [true, false].find((all) =>
    same(resolveGPTConfig({ ...sizes, norm, bias: all }).bias, bias),
  );
  const other = Object.entries({ ...config, kvHeads: config.kvHeads }).filter(
    ([key, value]) =>
      !(key in sizes) && (key === 'activation' || key === 'norm' || value !== usual[key]),
  );
  const dropouts = new Set(Object.values(dropout));
  return {
    ...sizes,
    ...Object.fromEntries(other.filter(([, value]) => value !== 'gelu' && value !== 'layer')),
    ...(!dropouts.has(0) || dropouts.size > 1
      ? { dropout: dropouts.size === 1 ? dropout.attention : nonZero(dropout) }
      : {}),
    ...(biases !== true && { bias: biases ?? nonZero(bias) }),
  };
}

const same = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Fields that are neither 0 nor false. */
const nonZero = (fields: object): Sizes =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => Boolean(value)));

function valueCode(value: unknown): Code {
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return string(value);
  if (Array.isArray(value)) return array(...value.map(valueCode)); // bounded: 64 layers
  if (typeof value !== 'object') return JSON.stringify(value);
  const fields = Object.entries({ ...value }).map(([key, own]) => [key, valueCode(own)] as const);
  return object(Object.fromEntries(fields));
}
