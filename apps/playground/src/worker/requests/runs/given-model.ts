import {
  initialSettings,
  isRead,
  modelConfigOf,
  modelKinds,
  type ModelConfig,
  type ModelParts,
  readModel,
  resolveLeniently,
  type Settings,
  UserError,
} from '@llm101/runs';
import type { GivenFiles } from '../../../run-requests.js';

/** Settings by which kinds name sizes that their networks name otherwise. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  channels: ['dEmbed', 'dHidden'],
  hidden: ['dHidden', 'dFf'],
};

/** A model that comes alone: another run can begin with it. */
export function givenModel(name: string, file: Uint8Array<ArrayBuffer> | undefined): GivenFiles {
  if (file === undefined) throw new RangeError('givenModel: there must be a model; got none');
  const parts = readModel(file);
  const all = settingsOf(name, parts);
  const settings = initialSettings(all);
  const { dropout, dropoutAt, init } = all; // what another run may have otherwise
  const own = `${name}, at step ${parts.step}`;
  return {
    kind: 'model',
    name,
    step: parts.step,
    basis: { initial: { name: own, file, settings } },
    flags: {
      ...(dropout > 0 && { dropout }),
      ...(dropout > 0 && isRead('dropoutAt', all) && { dropoutAt }),
      ...(init !== undefined && { init }),
    },
  };
}

/**
 * The settings that make such a network.
 *
 * @throws UserError when the file doesn't tell them
 */
function settingsOf(name: string, { config, tokenizer, examples }: ModelParts): Settings {
  const { type, ...sizes } = config;
  const found: Record<string, unknown> = {
    model: type,
    examples,
    ...(tokenizer.toJSON().type === 'BpeTokenizer' && { tokenizer: 'bpe' }),
    ...(tokenizer.toJSON().type === 'BytesTokenizer' && { tokenizer: 'bytes' }),
  };
  const reads: Readonly<Record<string, unknown>> = modelKinds[type].reads;
  for (const [key, value] of Object.entries({ ...sizes, ...writtenOtherwise(config) })) {
    if (typeof value === 'object' || value === undefined) continue;
    for (const setting of [key, ...(NAMES[key] ?? [])]) {
      if (setting in reads && !(setting in found)) found[setting] = value;
    }
  }
  const { settings, problems } = resolveLeniently({ flags: found });
  if (problems.length === 0 && isSame(modelConfigOf(settings, config.vocabSize), config)) {
    return settings;
  }
  throw new UserError(
    `${name} doesn't tell all settings of its model; give the folder of its run, with config.json, or a checkpoint`,
  );
}

/** What a kind's sizes are as settings, where these aren't plain values. */
function writtenOtherwise(config: ModelConfig): Readonly<Record<string, unknown>> {
  if (config.type === 'mlp') {
    const { bias, dHidden } = config;
    const widths = typeof dHidden === 'number' ? undefined : dHidden;
    return {
      bias: bias ? 'all' : 'none',
      ...(widths && { dHidden: widths[0], layers: widths.length }),
    };
  }
  if (config.type === 'gpt') {
    const { bias, dropout } = config;
    const rates: Readonly<Record<string, number>> = { ...dropout };
    const rate = Object.values(rates).find((one) => one > 0) ?? 0;
    return {
      bias: placesOf({ ...bias }),
      dropout: rate,
      ...(rate > 0 && { dropoutAt: placesOf(rates) }),
    };
  }
  if (config.type !== 'megabyte') return {};
  const { patches, patchSize, global, local } = config;
  const { layers, heads } = global;
  return { contextSize: patches * patchSize, layers, heads, localLayers: local.layers };
}

/** The names of places that have something: `attention,feed-forward`. */
function placesOf(places: Readonly<Record<string, unknown>>): string {
  const names = Object.entries(places).filter(([, has]) => has !== false && has !== 0);
  return names.length === 0
    ? 'none'
    : names.map(([name]) => (name === 'feedForward' ? 'feed-forward' : name)).join(',');
}

/** Whether two configs make the same network, whatever the order of their sizes. */
const isSame = (a: ModelConfig, b: ModelConfig): boolean => sorted(a) === sorted(b);

const sorted = (config: ModelConfig): string =>
  JSON.stringify(Object.entries(config).sort(([one], [other]) => (one < other ? -1 : 1)));
