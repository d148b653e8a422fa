import { type CharTokenizer, DataLoader, type NextTokenDataset } from '@llm101/data';
import type { LanguageModel, ModelSizes, Module } from '@llm101/models';
import { Generator } from '@llm101/random';
import { type Compile, InfiniteLoader, type Optimizer, type Schedule } from '@llm101/training';
import { compile } from '@llm101/wasm';
import { checkMemory } from './check-memory.js';
import { makeModel, type ModelType } from './make-model.js';
import { makeOptimizer } from './make-optimizer.js';
import { makeSchedule } from './make-schedule.js';
import type { Settings } from './settings.js';

/** All that a run trains with, before its first step. */
export interface Run {
  /** What the model can be made again with. */
  readonly recipe: ModelSizes & { readonly type: ModelType };
  readonly model: Module & LanguageModel;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  readonly batches: InfiniteLoader;
  /** How steps and validations are run: compiled, unless the settings want every operation by itself. */
  readonly way: { readonly compile?: Compile };
}

/**
 * Makes model, optimizer and batches from one generator, in PyTorch's order.
 *
 * @throws UserError when the run needs more memory than the backend can have
 */
export function makeRun(
  settings: Settings,
  data: { readonly tokenizer: CharTokenizer; readonly trainSet: NextTokenDataset },
): Run {
  const { model: type, contextSize, dEmbed, dHidden, batchSize, relaxedSimd } = settings;
  const generator = Generator.seeded(settings.seed); // torch.manual_seed(seed)
  const sizes = { vocabSize: data.tokenizer.vocabSize, contextSize, dEmbed, dHidden };
  checkMemory({ type, sizes, rows: Math.min(batchSize, data.trainSet.length) });
  const model = makeModel(type, sizes, generator);
  const loader = new DataLoader(data.trainSet, { batchSize, shuffle: true, generator });
  const compileStep: Compile = (f) => compile(f, { relaxedSimd });
  return {
    recipe: { type, ...sizes },
    model,
    optimizer: makeOptimizer(model.parameters(), settings),
    schedule: makeSchedule(settings),
    batches: new InfiniteLoader(loader, { reshuffle: settings.reshuffle }),
    way: settings.compile ? { compile: compileStep } : {},
  };
}
