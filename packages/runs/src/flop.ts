import { type AnyKind, targetsOf } from './decided-settings.js';
import {
  embeddedOf,
  type ModelConfig,
  modelKinds,
  parameterCount,
  productsOf,
} from './models/index.js';
import type { Products } from './models/model-kind.js';
import { sizesOfRun } from './run-sizes.js';
import type { Settings } from './settings/settings.js';
import type { PreparedData } from './text/prepare-data.js';
import { tokenCount } from './text/text-part.js';

/** FLOP of a multiplication and the addition to its sum; and products of the backward pass for each of the forward pass. */
const [FLOP, BACKWARD] = [2, 2];

/** Floating-point operations, by where they happen. */
export interface FlopCount extends Products {
  /** The sum of the others. */
  readonly all: number;
}

/**
 * FLOP of training for a row as the kind's `rowSize` counts rows: a window, a position of a sequence, or MEGABYTE's stretch. Those
 * of products alone, exactly: two for each multiplication, in the forward pass once and in the backward pass twice, for the gradient of
 * either factor. Attention's are those of a row of `contextSize` positions, each of which sees itself and those before it: about half of the
 * full square, which others count. What isn't counted, as it is no product: looked-up rows, biases, norms, activation functions,
 * softmax, loss, dropout, the optimizer, and what is computed again to save memory.
 *
 * So `6 N D`, with all N parameters, counts embeddings, biases and norms that are in no product, and leaves attention out.
 */
export function trainingFlop(config: ModelConfig): FlopCount {
  const { layers, attention, head } = productsOf(config);
  const each = FLOP * (1 + BACKWARD);
  return {
    layers: each * layers,
    attention: each * attention,
    head: each * head,
    all: each * (layers + attention + head),
  };
}

/** How many steps a run has; of one that says epochs about as many, by the tokens of its text. */
export function aboutSteps(settings: Settings, data: PreparedData): number {
  const { epochs, maxSteps } = settings;
  if (epochs === undefined) return maxSteps;
  const targets = targetsOf(modelKinds[settings.model], settings, data);
  return Math.max(1, Math.round((epochs * tokenCount(data.train)) / targets));
}

/** What a run has cost after some steps, in the units of scaling laws. */
export interface TrainingCost {
  /** N: all parameters. */
  readonly parameters: number;
  /** N without the tables that tokens and positions are looked up in, one that the head shares among them. */
  readonly nonEmbedding: number;
  /** D: tokens that were learned from, repeats included; of lines that are packed, places of a row that are left empty too. */
  readonly tokens: number;
  /** C: by {@link trainingFlop}. */
  readonly flop: number;
}

/**
 * N, D and C of a run after as many steps. A batch that ends a pass over the text may be smaller than the others; it counts as one of them.
 *
 * @param data - whose lines may be too few for a batch. Default: as if there were enough
 */
export function trainingCost(
  settings: Settings,
  config: ModelConfig,
  { steps, data }: { readonly steps: number; readonly data?: PreparedData | undefined },
): TrainingCost {
  const kind: AnyKind = modelKinds[settings.model];
  const { computed } = sizesOfRun(settings, config, data);
  const parameters = parameterCount(config);
  return {
    parameters,
    nonEmbedding: parameters - embeddedOf(config),
    tokens: steps * targetsOf(kind, settings, data),
    flop: steps * computed * trainingFlop(config).all,
  };
}
