import {
  CNN,
  cnnParameterCount,
  type LanguageModel,
  MLP,
  mlpParameterCount,
  type ModelSizes,
  type Module,
} from '@llm101/models';
import type { Generator } from '@llm101/random';
import { UserError } from './user-error.js';

/** The kinds of network that the command knows. */
export type ModelType = 'mlp' | 'cnn';

/** Parameters, gradients and what a step needs besides must fit into WebAssembly's 4 GB. */
const MOST_PARAMETERS = 100_000_000;

/**
 * A model by the name of its kind, with initial values from the generator.
 *
 * @throws UserError when it would not fit into memory
 */
export function makeModel(
  type: ModelType,
  sizes: ModelSizes,
  generator: Generator,
): Module & LanguageModel {
  switch (type) {
    case 'mlp':
      checkCount(mlpParameterCount(sizes));
      return new MLP(sizes, generator);
    case 'cnn':
      checkCount(cnnParameterCount(sizes));
      return new CNN(sizes, generator);
    default:
      return type satisfies never;
  }
}

function checkCount(count: number): void {
  if (count <= MOST_PARAMETERS) return;
  throw new UserError(
    `the model must have at most ${MOST_PARAMETERS.toLocaleString('en-US')} parameters to fit into memory; ` +
      `it would have ${count.toLocaleString('en-US')}; choose a smaller --d-hidden, --d-embed or --context-size`,
  );
}
