import type { GeneratorState } from '@llm101/random';
import type { TensorData } from '@llm101/safetensors';
import { CheckpointError } from '../state/checkpoint.js';
import type { Checkpoint, Json, PartState } from '../state/checkpoint.js';
import type { InfiniteLoader } from '../infinite-loader.js';
import { isCount, isNumber, isRecord } from '../checks.js';
import { loadVariables, readVariables, type NamedVariables } from '../state/variables.js';
import { hashOf } from '../hash.js';
import { asJson } from './identity.js';
import type { Optimizer } from '../optimizers/optimizer.js';

/** A part of a run that a checkpoint keeps. */
export interface CheckpointPart {
  /** All that the part needs to continue from here. */
  state(): PartState;
  /** @throws Error when the state doesn't fit */
  load(state: PartState): void;
  /**
   * What a run that resumes must have too and a state doesn't check: settings, data, a seed. It is asked for before `load`.
   * Default: nothing.
   *
   * @param resumed - the part in the checkpoint from which the run is to resume, where there is one
   */
  identity?(resumed?: SavedPart): Json;
}

/** A part in a checkpoint. */
export interface SavedPart {
  readonly state: PartState;
  /** What {@link CheckpointPart.identity} was when it was written. */
  readonly identity: Json;
}

/** Parts by the name they have in a checkpoint. */
export type CheckpointParts = Readonly<Record<string, CheckpointPart>>;

/**
 * Gives parts their states.
 *
 * @throws CheckpointError naming the first part that is missing or doesn't fit
 */
export function loadParts(parts: CheckpointParts, checkpoint: Checkpoint): void {
  for (const [name, part] of Object.entries(parts)) {
    const state = Object.hasOwn(checkpoint.parts, name) ? checkpoint.parts[name] : undefined;
    if (state === undefined) throw new CheckpointError(`it has no part ${name}`);
    try {
      part.load(state);
    } catch (cause) {
      throw new CheckpointError(cause instanceof Error ? cause.message : String(cause), { cause });
    }
  }
}

/** What each part says of the run that it belongs to. */
export function identityOf(
  parts: CheckpointParts,
  resumed?: { readonly checkpoint: Checkpoint; readonly saved: Json },
): Record<string, Json> {
  const saved: Readonly<Record<string, unknown>> = isRecord(resumed?.saved) ? resumed.saved : {};
  const identities = Object.entries(parts).map(([name, part]): [string, Json] => {
    if (resumed !== undefined && !Object.hasOwn(saved, name)) return [name, null];
    const state = resumed?.checkpoint.parts[name];
    const identity = asJson(Object.hasOwn(saved, name) ? saved[name] : null);
    return [name, part.identity?.(state && { state, identity }) ?? null];
  });
  return Object.fromEntries(identities.filter(([, identity]) => identity !== null));
}

/**
 * Variables by name: a model's parameters, buffers, counters of random layers. A run that resumes must have begun with the
 * same values, or have those of the checkpoint already.
 */
export function variablesPart(variables: NamedVariables): CheckpointPart {
  let initialValues: string | undefined;
  return {
    state: () => ({ tensors: readVariables(variables), values: null }),
    load: ({ tensors }) => loadVariables('checkpoint', variables, tensors),
    identity(resumed) {
      const now = hashOfTensors(readVariables(variables));
      initialValues ??= now;
      if (resumed !== undefined && hashOfTensors(resumed.state.tensors) === now)
        return resumed.identity;
      const shapes = [...variables].map(([name, { shape }]) => [name, `[${shape.join(', ')}]`]);
      return asJson({ shapes: Object.fromEntries(shapes) as object, initialValues });
    },
  };
}

const hashOfTensors = (tensors: PartState['tensors']): string =>
  hashOf(...Object.values(tensors).map(({ data }) => data as Float32Array | Int32Array)); // bounded: a model's tensors

/** What an optimizer keeps between steps. */
export function optimizerPart(optimizer: Optimizer): CheckpointPart {
  return {
    state: () => ({ tensors: optimizer.state(), values: null }),
    load: ({ tensors }) => optimizer.load(tensors),
    identity: () => asJson(optimizer.identity?.()),
  };
}

/** The position of a loader within its pass, and the generator that it draws orders from. */
export function loaderPart(loader: InfiniteLoader): CheckpointPart {
  return {
    state() {
      const { batch, hasOrder, order, generator } = loader.state();
      const tensors = { ...words('order', order), ...words('generator', generator) };
      const values = { batch, hasOrder, order: rest(order), generator: rest(generator) };
      return { tensors, values };
    },
    load({ tensors, values }) {
      if (!isRecord(values) || !isCount(values['batch'])) {
        throw new CheckpointError('its loader has no position');
      }
      loader.load({
        batch: values['batch'],
        hasOrder: values['hasOrder'] === true,
        order: generatorState(tensors['order'], values['order']),
        generator: generatorState(tensors['generator'], values['generator']),
      });
    },
    identity: () => asJson(loader.identity()),
  };
}

function words(name: string, state: GeneratorState | undefined): Record<string, TensorData> {
  if (state === undefined) return {};
  return { [name]: { dtype: 'U32', shape: [state.words.length], data: state.words } };
}

function rest(state: GeneratorState | undefined): Json {
  if (state === undefined) return null;
  return { index: state.index, cachedNormal: state.cachedNormal ?? null };
}

function generatorState(words: TensorData | undefined, rest: unknown): GeneratorState | undefined {
  if (words === undefined && rest === null) return undefined;
  if (
    words?.dtype !== 'U32' ||
    words.shape.length !== 1 ||
    !isRecord(rest) ||
    !isCount(rest['index'])
  ) {
    throw new CheckpointError('its generator lacks its words or its position in them');
  }
  const { index, cachedNormal } = rest;
  return {
    words: words.data,
    index,
    cachedNormal: isNumber(cachedNormal) ? cachedNormal : undefined,
  };
}
