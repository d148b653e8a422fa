import type { TextTokenizer } from '@llm101/data';
import type {
  GPTConfig,
  MLPSizes,
  ModelSizes,
  RecurrentNetworkSizes,
  StateDict,
  WaveNetSizes,
} from '@llm101/models';
import { ExportError } from './errors.js';

/** The kind of a network and its sizes, as they are saved with a model. */
export type NetworkConfig =
  | ({ readonly type: 'bigram' } & Pick<ModelSizes, 'vocabSize'>)
  | ({ readonly type: 'mlp' } & MLPSizes)
  | ({ readonly type: 'cnn' } & ModelSizes)
  | ({ readonly type: 'wavenet' } & WaveNetSizes)
  | ({ readonly type: 'gru' | 'lstm' } & Omit<RecurrentNetworkSizes, 'cell'>)
  | ({ readonly type: 'gpt' } & GPTConfig)
  | ({ readonly type: 'megabyte' } & Pick<ModelSizes, 'vocabSize'>);

/** The config of one kind of network. */
export type ConfigOf<Type extends NetworkConfig['type']> = Extract<NetworkConfig, { type: Type }>;

/** A model to be written. */
export interface ExportedModel<Config extends NetworkConfig = NetworkConfig> {
  readonly config: Config;
  /** Parameters and buffers by PyTorch's names: `stateDict(model)`. */
  readonly tensors: StateDict;
  readonly tokenizer: TextTokenizer;
}

/** A matrix or another array of float32. */
export interface FloatTensor {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: Float32Array;
}

/** The float32 tensors of a model. */
export class Weights {
  readonly #tensors: StateDict;

  constructor(tensors: StateDict) {
    this.#tensors = tensors;
  }

  /** @throws ExportError when there is none of this name */
  get(name: string): FloatTensor {
    const tensor = this.find(name);
    if (tensor !== undefined) return tensor;
    throw new ExportError(`the model must have a float32 tensor ${name}; got none`);
  }

  find(name: string): FloatTensor | undefined {
    const tensor = Object.hasOwn(this.#tensors, name) ? this.#tensors[name] : undefined;
    return tensor?.dtype === 'F32' ? tensor : undefined;
  }
}

/** A matrix with rows and columns exchanged. */
export function transposed({ shape, data }: FloatTensor): FloatTensor {
  const [rows, columns] = shape;
  const turned = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) turned[j * rows + i] = data[i * columns + j];
  }
  return { shape: [columns, rows], data: turned };
}

/** As many zeros as the shape has places. */
export const zeros = (...shape: number[]): FloatTensor => ({
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});
