import { reshape } from '@tensorflow/tfjs-core';
import type { Tensor2D, Variable, Rank, Tensor3D } from '@tensorflow/tfjs-core';

/** What a forward pass is for: in training a model may leave values out and measure its batch. */
export type Mode = 'training' | 'evaluation';

/** What has parameters that can be trained. */
export interface WithParameters {
  /** The variables that training changes. */
  parameters(): Variable[];
  /** The same under the names that logs give them. */
  namedParameters?(): ReadonlyMap<string, Variable>;
  /** Variables that aren't trained but belong to what was learned, such as running means. Default: none. */
  namedBuffers?(): ReadonlyMap<string, Variable>;
  /**
   * Positions of random layers in their streams, int32 without axes: a pass in training adds to each how often its layer drew.
   * Where a batch is cut into shards each of them begins elsewhere in the stream. Default: none.
   */
  namedCounters?(): ReadonlyMap<string, Variable>;
}

/** What is made of layers: a module of `@llm101/models`. */
export interface WithLayers {
  /** The layers by field name, one or a list of them, which may have layers themselves. Default: none. */
  children?(): Iterable<readonly [name: string, child: object]>;
}

/** All that training asks of a model: what to change, and its scores. */
export interface Trainable extends WithParameters, WithLayers {
  /**
   * @param tokens - `[B, T]` int32
   * @param mode - default: `'evaluation'`
   * @returns `[N, V]` unnormalised log-probabilities, a row for each of the batch's N targets: of the token that follows
   * each row (N = B), or with {@link everyPosition} each position (N = B T)
   */
  logits(tokens: Tensor2D, mode?: Mode): Tensor2D;
}

/** Parameters and buffers of a model. */
export function variablesOf(model: WithParameters): Variable[] {
  return [...model.parameters(), ...(model.namedBuffers?.().values() ?? [])];
}

/** A model that scores what follows each position of a row, not only its end; `WaveNet` of `@llm101/models` is one. */
export interface SequenceModel extends WithParameters, WithLayers {
  /**
   * @param tokens - `[B, T]` int32
   * @param mode - default: `'evaluation'`
   * @returns `[B, T, V]` unnormalised log-probabilities of the token that follows each position
   */
  sequenceLogits(tokens: Tensor2D, mode?: Mode): Tensor3D;
}

/**
 * A model as `train` and `evaluate` want it for batches of whole sequences, as a `SequenceLoader` of `@llm101/data` makes
 * them: each position is an example. A row of `T` positions is one pass of the model, where its windows were `T` passes.
 */
export function everyPosition(model: SequenceModel): Trainable {
  return {
    parameters: () => model.parameters(),
    ...(model.namedParameters && {
      namedParameters: () => model.namedParameters?.() ?? new Map(),
    }),
    ...(model.children && { children: () => model.children?.() ?? [] }),
    namedBuffers: () => model.namedBuffers?.() ?? new Map(),
    namedCounters: () => model.namedCounters?.() ?? new Map(),
    logits(tokens, mode) {
      const scores = model.sequenceLogits(tokens, mode); // [B, T, V]
      const [B, T, V] = scores.shape;
      return reshape<Rank.R2>(scores, [B * T, V]); // [B T, V]
    },
  };
}
