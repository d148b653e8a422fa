import { readFileSync } from 'node:fs';
import { CharTokenizer } from '@llm101/data';
import { type LanguageModel, loadStateDict, type Module, stateDict } from '@llm101/models';
import { Generator } from '@llm101/random';
import { readSafetensors, type SafetensorsFile, writeSafetensors } from '@llm101/safetensors';
import { describeFileError } from '../terminal/describe-file-error.js';
import { makeModel } from '../run/make-model.js';
import { type ModelType, type Recipe, recipeSchema } from '../run/recipe.js';
import { UserError } from '../settings/user-error.js';
import { writeFileWhole } from './write-file-whole.js';

/** A model with all that is needed to use it again. */
export interface SavedModel {
  readonly type: ModelType;
  readonly model: Module & LanguageModel;
  readonly tokenizer: CharTokenizer;
  /** Training steps it has seen. */
  readonly step: number;
}

/** What {@link saveModel} writes. */
export interface ModelToSave extends Omit<SavedModel, 'type'> {
  readonly recipe: Recipe;
}

/** Writes a model as one safetensors file; PyTorch reads its parameters as they are. */
export function saveModel(path: string, { model, recipe, tokenizer, step }: ModelToSave): void {
  const metadata = {
    format: 'pt', // what Python's libraries look for
    model: JSON.stringify(recipe),
    tokenizer: JSON.stringify(tokenizer),
    step: String(step),
  };
  writeFileWhole(path, writeSafetensors(stateDict(model), metadata));
}

/** @throws UserError when the file can't be read, is damaged, or is another program's */
export function loadModel(path: string): SavedModel {
  const bytes = readBytes(path);
  try {
    return restore(readSafetensors(bytes));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(
      `${path} must be a whole model.safetensors of llm101: ${why}; train it again, or take it from a copy`,
      { cause },
    );
  }
}

function readBytes(path: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (cause) {
    throw new UserError(
      `there is no model to read at ${path}: ${describeFileError(cause)}; name the folder of a run`,
      { cause },
    );
  }
}

function restore({ tensors, metadata }: SafetensorsFile): SavedModel {
  const recipe = recipeSchema.safeParse(JSON.parse(metadata['model'] ?? 'null'));
  if (!recipe.success)
    throw new Error('its metadata say nothing of the kind and sizes of the model');
  const tokenizer = CharTokenizer.fromJSON(JSON.parse(metadata['tokenizer'] ?? 'null'));
  const model = makeModel(recipe.data, Generator.seeded(0));
  loadStateDict(model, tensors);
  return { type: recipe.data.type, model, tokenizer, step: Number(metadata['step'] ?? 0) };
}
