import { DataLoader, type NextTokenDataset, SequenceDataset, SequenceLoader } from '@llm101/data';
import { type LanguageModel, type Module, WaveNet } from '@llm101/models';
import { Generator } from '@llm101/random';
import {
  type Compile,
  type EvaluationData,
  everyPosition,
  InfiniteLoader,
  NextTokenCounts,
  type Optimizer,
  type Schedule,
  type Trainable,
} from '@llm101/training';
import { compile } from '@llm101/wasm';
import { checkMemory } from './check-memory.js';
import { makeModel } from './make-model.js';
import { makeOptimizer } from './make-optimizer.js';
import { makeSchedule } from './make-schedule.js';
import type { PreparedData } from './prepare-data.js';
import type { Recipe } from './recipe.js';
import type { Settings } from '../settings/settings.js';

/** All that a run trains with, before its first step. */
export interface Run {
  /** What the model can be made again with. */
  readonly recipe: Recipe;
  readonly model: Module & LanguageModel;
  /** The model as it learns: a WaveNet from every position of a name, others from what follows a window. */
  readonly trained: Trainable;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  readonly batches: InfiniteLoader;
  /** What the model is judged by: each character of each validation name once. */
  readonly validation: EvaluationData;
  /** How steps and validations are run: compiled, unless the settings want every operation by itself. */
  readonly way: { readonly compile?: Compile };
}

/** Names in a row of the validation. */
const VALIDATION_POSITIONS = 2048;

/**
 * Makes model, optimizer and batches from one generator, in PyTorch's order.
 *
 * @throws UserError when the run needs more memory than the backend can have
 */
export function makeRun(settings: Settings, data: PreparedData): Run {
  const { relaxedSimd } = settings;
  const generator = Generator.seeded(settings.seed); // torch.manual_seed(seed)
  const recipe = recipeOf(settings, data.tokenizer.vocabSize);
  checkMemory({ recipe, rows: rowsOf(settings, data.trainSet) });
  const model = makeModel(recipe, generator);
  const { trained, loader, validation } =
    model instanceof WaveNet
      ? fromSequences(model, data, { packedSize: settings.packedSize, generator })
      : fromWindows(model, data, { batchSize: settings.batchSize, generator });
  const compileStep: Compile = (f) => compile(f, { relaxedSimd });
  return {
    recipe,
    model,
    trained,
    optimizer: makeOptimizer(model.parameters(), settings),
    schedule: makeSchedule(settings),
    batches: new InfiniteLoader(loader, { reshuffle: settings.reshuffle }),
    validation,
    way: settings.compile ? { compile: compileStep } : {},
  };
}

function recipeOf(settings: Settings, vocabSize: number): Recipe {
  const { model: type, contextSize, dEmbed, dHidden } = settings;
  if (type !== 'wavenet') return { type, vocabSize, contextSize, dEmbed, dHidden };
  const { depth, blocks, layerNorm, dropout } = settings;
  return { type, vocabSize, channels: dHidden, depth, blocks, layerNorm, dropout };
}

function rowsOf({ model, batchSize, packedSize }: Settings, { length }: NextTokenDataset): number {
  return model === 'wavenet' ? packedSize : Math.min(batchSize, length);
}

function fromWindows(
  model: Module & LanguageModel,
  { trainSet, valSet, tokenizer }: PreparedData,
  options: { readonly batchSize: number; readonly generator: Generator },
) {
  return {
    trained: model,
    loader: new DataLoader(trainSet, { ...options, shuffle: true }),
    validation: new NextTokenCounts(valSet, tokenizer.vocabSize),
  };
}

function fromSequences(
  model: WaveNet,
  { train, val, tokenizer }: PreparedData,
  options: { readonly packedSize: number; readonly generator: Generator },
) {
  const held = new SequenceDataset(val, tokenizer);
  const packedSize = Math.max(VALIDATION_POSITIONS, held.longest);
  return {
    trained: everyPosition(model),
    loader: new SequenceLoader(new SequenceDataset(train, tokenizer), {
      ...options,
      shuffle: true,
    }),
    validation: new SequenceLoader(held, { packedSize }),
  };
}
