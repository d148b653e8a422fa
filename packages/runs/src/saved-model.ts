import type { TextTokenizer } from '@llm101/data';
import { loadStateDict, stateDict } from '@llm101/models';
import { Generator } from '@llm101/random';
import { readSafetensors, writeSafetensors } from '@llm101/safetensors';
import type { Network } from './models/model-kind.js';
import { makeModel, type ModelConfig, parseModelConfig } from './models/index.js';
import { parseTokenizer } from './tokenizers.js';

/** A model with all that is needed to use it. */
export interface SavedModel {
  readonly config: ModelConfig;
  /** To be disposed of by whoever opened it. */
  readonly model: Network;
  readonly tokenizer: TextTokenizer;
  /** Training steps that it has seen. */
  readonly step: number;
  /** How these steps rounded, in words; undefined in a file of 0.1.0, or of a model that wasn't trained. */
  readonly arithmetic: string | undefined;
}

/** A model as one safetensors file; PyTorch reads its parameters as they are. */
export function encodeModel({
  config,
  model,
  tokenizer,
  step,
  arithmetic,
}: SavedModel): Uint8Array<ArrayBuffer> {
  return writeSafetensors(stateDict(model), {
    format: 'pt', // what Python's libraries look for
    model: JSON.stringify(config),
    tokenizer: JSON.stringify(tokenizer),
    step: String(step),
    ...(arithmetic !== undefined && { arithmetic }),
  });
}

/**
 * The model of a file that {@link encodeModel} made. The backend must be running.
 *
 * @throws Error when the file is damaged or another program's, saying what is wrong with it
 */
export function openModel(file: Uint8Array<ArrayBuffer>): SavedModel {
  const { tensors, metadata } = readSafetensors(file);
  const config = parseModelConfig(JSON.parse(metadata['model'] ?? 'null'));
  if (config === undefined) {
    throw new Error("its metadata doesn't say the kind and sizes of the model");
  }
  const tokenizer = parseTokenizer(JSON.parse(metadata['tokenizer'] ?? 'null'));
  const model = makeModel(config, Generator.seeded(0));
  try {
    loadStateDict(model, tensors);
  } catch (error) {
    model.dispose();
    throw error;
  }
  const { step = 0, arithmetic } = metadata;
  return { config, model, tokenizer, step: Number(step), arithmetic };
}
