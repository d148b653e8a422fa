import { CNN, MLP, type Module, type LanguageModel, type ModelSizes } from '@llm101/models';
import type { Generator } from '@llm101/random';

/** The kinds of network that the command knows. */
export type ModelType = 'mlp' | 'cnn';

/** A model by the name of its kind, with initial values from the generator. */
export function makeModel(
  type: ModelType,
  sizes: ModelSizes,
  generator: Generator,
): Module & LanguageModel {
  switch (type) {
    case 'mlp':
      return new MLP(sizes, generator);
    case 'cnn':
      return new CNN(sizes, generator);
    default:
      return type satisfies never;
  }
}
