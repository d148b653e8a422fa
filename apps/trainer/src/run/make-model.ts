import {
  CNN,
  cnnParameterCount,
  type LanguageModel,
  MLP,
  mlpParameterCount,
  type ModelSizes,
  type Module,
  WaveNet,
  waveNetParameterCount,
} from '@llm101/models';
import type { Generator } from '@llm101/random';
import type { Recipe } from './recipe.js';
import { UserError } from '../settings/user-error.js';

/** Parameters, gradients and what a step needs besides must fit into WebAssembly's 4 GB. */
const MOST_PARAMETERS = 100_000_000;

/**
 * A model by its recipe, with initial values from the generator.
 *
 * @throws UserError when it would not fit into memory
 */
export function makeModel(recipe: Recipe, generator: Generator): Module & LanguageModel {
  checkCount(parameterCount(recipe));
  switch (recipe.type) {
    case 'mlp':
      return new MLP(sizesOf(recipe), generator);
    case 'cnn':
      return new CNN(sizesOf(recipe), generator);
    case 'wavenet':
      return new WaveNet(recipe, generator);
    default:
      return recipe satisfies never;
  }
}

/** How many parameters the model has. */
export function parameterCount(recipe: Recipe): number {
  switch (recipe.type) {
    case 'mlp':
      return mlpParameterCount(sizesOf(recipe));
    case 'cnn':
      return cnnParameterCount(sizesOf(recipe));
    case 'wavenet':
      return waveNetParameterCount(recipe);
    default:
      return recipe satisfies never;
  }
}

function sizesOf({ vocabSize, contextSize, dEmbed, dHidden }: ModelSizes): ModelSizes {
  return { vocabSize, contextSize, dEmbed, dHidden };
}

function checkCount(count: number): void {
  if (count <= MOST_PARAMETERS) return;
  throw new UserError(
    `the model must have at most ${MOST_PARAMETERS.toLocaleString('en-US')} parameters to fit into memory; ` +
      `it would have ${count.toLocaleString('en-US')}; choose a smaller --d-hidden, --d-embed or --context-size`,
  );
}
