import type { TextTokenizer } from '@llm101/data';
import { loadStateDict, stateDict, type StateDict } from '@llm101/models';
import { Generator } from '@llm101/random';
import { parseJson, readSafetensors, writeSafetensors } from '@llm101/safetensors';
import type { SafetensorsFile } from '@llm101/safetensors';
import type { ExamplesName } from './text/examples-name.js';
import type { Network } from './models/model-kind.js';
import { UserError } from './errors.js';
import { checkMemory } from './memory.js';
import { makeModel, type ModelConfig, parameterCount, parseModelConfig } from './models/index.js';
import { parseTokenizer } from './text/tokenizers.js';

/** A model with all that is needed to use it. */
export interface SavedModel {
  readonly config: ModelConfig;
  /** To be disposed of by whoever opened it. */
  readonly model: Network;
  readonly tokenizer: TextTokenizer;
  /** What it learned from: lines, which token 0 begins and ends, or blocks of one text. */
  readonly examples: ExamplesName;
  /** Of lines of which answers alone were learned: what these stand after. */
  readonly answerAfter?: string | undefined;
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
  examples,
  answerAfter,
  step,
  arithmetic,
}: SavedModel): Uint8Array<ArrayBuffer> {
  return writeSafetensors(stateDict(model), {
    format: 'pt', // what Python's libraries look for
    model: JSON.stringify(config),
    tokenizer: JSON.stringify(tokenizer),
    examples,
    ...(answerAfter !== undefined && { answerAfter }),
    step: String(step),
    ...(arithmetic !== undefined && { arithmetic }),
  });
}

/**
 * The model of a file that {@link encodeModel} made. The backend must be running. Nothing larger than the file is made of it.
 *
 * @throws UserError when the file is damaged or another program's, saying what is wrong with it
 */
export function openModel(file: Uint8Array<ArrayBuffer>): SavedModel {
  return asUserError(() => {
    const { tensors, ...parts } = decodeParts(file);
    checkSizes(parts.config, tensors);
    const model = makeModel(parts.config, Generator.seeded(0));
    try {
      loadStateDict(model, tensors);
    } catch (error) {
      model.dispose();
      throw error;
    }
    return { ...parts, model };
  });
}

function asUserError<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof UserError || !(cause instanceof Error)) throw cause;
    throw new UserError(cause.message, { cause });
  }
}

/** The parts of a saved model, without a network: no backend is needed. */
export interface ModelParts extends Omit<SavedModel, 'model'> {
  readonly tensors: StateDict;
}

/**
 * What a file of {@link encodeModel} holds.
 *
 * @throws UserError as {@link openModel}
 */
export function readModel(file: Uint8Array<ArrayBuffer>): ModelParts {
  return asUserError(() => decodeParts(file));
}

function decodeParts(file: Uint8Array<ArrayBuffer>): ModelParts {
  const { tensors, metadata } = readSafetensors(file);
  const config = parseModelConfig(parseEntry(metadata, 'model'));
  if (config === undefined) {
    throw new UserError("its metadata doesn't say the kind and sizes of the model");
  }
  const tokenizer = parseTokenizer(parseEntry(metadata, 'tokenizer'));
  if (tokenizer.vocabSize !== config.vocabSize) {
    throw new UserError(
      `its tokenizer must have as many tokens as the model; got ${tokenizer.vocabSize} and ${config.vocabSize}`,
    );
  }
  const step = Number(metadata['step'] ?? 0);
  if (!Number.isSafeInteger(step) || step < 0) {
    throw new UserError(`its step must be a whole number; got '${metadata['step']}'`);
  }
  const { examples = 'lines', answerAfter, arithmetic } = metadata; // a model of 0.1.0 has no examples
  if (examples !== 'lines' && examples !== 'blocks') {
    throw new UserError(`its examples must be lines or blocks; got '${examples}'`);
  }
  return { config, tensors, tokenizer, examples, answerAfter, step, arithmetic };
}

function parseEntry(metadata: Readonly<Record<string, string>>, where: string): unknown {
  return parseJson(metadata[where] ?? 'null', {
    where: `its ${where}`,
    depth: 8,
    values: 5_000_000,
  });
}

/** Before memory is taken for the sizes that the metadata claim: a file has a number for each parameter. */
function checkSizes(config: ModelConfig, tensors: SafetensorsFile['tensors']): void {
  checkMemory({ config, rows: 1 });
  const claimed = parameterCount(config);
  const found = Object.values(tensors).reduce((sum, { data }) => sum + data.length, 0);
  if (claimed <= found) return;
  throw new UserError(
    `it must have a number for each of the ${claimed.toLocaleString('en-US')} parameters; got ${found.toLocaleString('en-US')}`,
  );
}
