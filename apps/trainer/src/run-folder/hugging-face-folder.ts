import { existsSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { importGPT2 } from '@llm101/export';
import { type ModelConfig, type RawSettings, UserError } from '@llm101/runs';
import { parseJson, writeSafetensors } from '@llm101/safetensors';
import { readFileWithin } from '@llm101/training/node';
import { describeFileError } from '../terminal/errors.js';
import { readModelFile } from './model-file.js';

/** As much as the JSON files of a folder may have. */
const MOST_BYTES = 64_000_000;

/** Whether a path is a folder of Hugging Face, not of a run: it has a tokenizer, a config and a model, and no metrics. */
export function isOfHuggingFace(path: string): boolean {
  if (!existsSync(path) || !lstatSync(path).isDirectory()) return false;
  const has = (name: string): boolean => existsSync(join(path, name));
  return has('config.json') && has('tokenizer.json') && !has('metrics.jsonl');
}

/**
 * A folder of GPT-2 as a model.safetensors of llm101.
 *
 * @throws UserError when a file is missing or damaged, or it is another network
 */
export function importFolder(path: string): Uint8Array<ArrayBuffer> {
  const weights = readModelFile(join(path, 'model.safetensors'));
  const [config, tokenizer] = ['config.json', 'tokenizer.json'].map((name) =>
    readJson(join(path, name)),
  );
  try {
    const model = importGPT2({ config, tokenizer, weights });
    return writeSafetensors(model.tensors, {
      format: 'pt',
      model: JSON.stringify(model.config),
      tokenizer: JSON.stringify(model.tokenizer),
      examples: 'blocks',
      step: '0',
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`--init-from ${path} can't be read: ${why}`, { cause });
  }
}

function readJson(path: string): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileWithin(path, MOST_BYTES));
    return parseJson(text, { where: 'the file', depth: 16, values: 2_000_000 });
  } catch (cause) {
    const why = cause instanceof TypeError ? "it isn't UTF-8" : describeFileError(cause);
    throw new UserError(`${path} can't be read: ${why}`, { cause });
  }
}

/** The settings of a run that begins with a GPT-2; whether it reads lines or blocks is its own. */
export function settingsOfGPT(config: ModelConfig): RawSettings {
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
    alphabet: 'auto',
  };
}
