import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TextTokenizer } from '@llm101/data';
import { importGPT2 } from '@llm101/export';
import { type ModelConfig, type RawSettings, UserError } from '@llm101/runs';
import { writeSafetensors } from '@llm101/safetensors';
import { readFileWithin } from '@llm101/training/node';
import { describeFileError } from '../terminal/errors.js';
import { readJson } from '../terminal/json-file.js';
import { MOST_MODEL_BYTES } from './model-file.js';

/** As much as the JSON files of a folder may have. */
const MOST_JSON = { bytes: 64_000_000, depth: 16, values: 2_000_000 } as const;

/** The names of the files that a large model is in. */
const PARTS = /^model-\d{5}-of-\d{5}\.safetensors$/;

/** Whether a path is a folder of Hugging Face, not of a run: its config says so, or it has none of a run's files. */
export function isOfHuggingFace(path: string): boolean {
  if (!isFolder(path)) return false;
  const has = (name: string): boolean => existsSync(join(path, name));
  return has('config.json') && !has('metrics.jsonl') && FILES.some(has);
}

/** What a run's folder has none of. */
const FILES = ['tokenizer.json', 'tokenizer_config.json', 'generation_config.json', 'vocab.json'];

/** Whether there is a folder, or a link to one. */
export const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/**
 * A folder of GPT-2 as a model.safetensors of llm101.
 *
 * @throws UserError when a file is missing or damaged, or it is another network
 */
export function importFolder(path: string): Uint8Array<ArrayBuffer> {
  const [config, tokenizer] = ['config.json', 'tokenizer.json'].map((name) =>
    readPart(join(path, name)),
  );
  try {
    const model = importGPT2({ config, tokenizer, weights: readWeights(path) });
    return writeSafetensors(model.tensors, {
      format: 'pt',
      model: JSON.stringify(model.config),
      tokenizer: JSON.stringify(model.tokenizer),
      examples: 'blocks',
      step: '0',
    });
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`--init-from ${path} can't be read: ${why}`, { cause });
  }
}

/** Its model.safetensors, or the parts of one, which together are no larger than one may be. */
function readWeights(path: string): Uint8Array<ArrayBuffer>[] {
  const parts = readdirSync(path).filter((name) => PARTS.test(name));
  const names = parts.length > 0 ? parts.sort() : ['model.safetensors'];
  let left = MOST_MODEL_BYTES;
  return names.map((name) => {
    try {
      const file = readFileWithin(join(path, name), left);
      left -= file.length;
      return file;
    } catch (cause) {
      throw new UserError(
        `${join(path, name)} can't be read: ${describeFileError(cause)}; save the model by save_pretrained of transformers`,
        { cause },
      );
    }
  });
}

function readPart(path: string): unknown {
  try {
    return readJson(path, MOST_JSON);
  } catch (cause) {
    throw new UserError(`${path} can't be read: ${describeFileError(cause)}`, { cause });
  }
}

/** The settings of a run that begins with a GPT-2; whether it reads lines or blocks is its own, where its tokenizer can begin lines. */
export function settingsOfGPT(config: ModelConfig, { paddingIndex }: TextTokenizer): RawSettings {
  if (config.type !== 'gpt')
    throw new RangeError(`settingsOfGPT: it must be a gpt; got ${config.type}`);
  const { contextSize, channels, layers, heads, hidden, activation, tiedHead } = config;
  return {
    model: 'gpt',
    contextSize,
    dEmbed: channels,
    layers,
    heads,
    dFf: hidden,
    activation,
    tiedHead,
    tokenizer: undefined, // that of the folder
    alphabet: 'auto',
    ...(paddingIndex !== 0 && { examples: 'blocks' }),
  };
}
