import { type AnyKind, modelConfigOf } from './decided-settings.js';
import { modelKinds, multiplicationsOf } from './models/index.js';
import type { Settings } from './settings/settings.js';
import type { PreparedData } from './text/prepare-data.js';

/** Passes of a step, each as much work: forward, and backward for the gradients of either factor of a product. */
const PASSES = 3;

/**
 * Multiplications of a step below which a GPU isn't worth while: those of a millisecond on one core, in which a GPU begins some hundred
 * kernels. The lecture's MLP has a million, its CNN six, nanoGPT's small run over a hundred.
 */
const LEAST_OF_GPU = 1e7;

/**
 * Why a run is computed on wasm where its settings leave the device open: it depends on its sizes alone.
 *
 * @returns nothing where a GPU is worth while, if there is one
 */
export function reasonForWasm(settings: Settings, data: PreparedData): string | undefined {
  const { shards, accumulate, compile } = settings;
  if (!compile) return 'steps that run as they are';
  if (accumulate > 1 || (shards !== 'auto' && shards > 1)) return 'batches that are cut';
  const kind: AnyKind = modelKinds[settings.model];
  const config = modelConfigOf(settings, data.tokenizer.vocabSize);
  const rows = kind.examples.batchRows(settings, data);
  const millions = (PASSES * rows * multiplicationsOf(config)) / 1e6;
  if (millions * 1e6 >= LEAST_OF_GPU) return undefined;
  const [has, least] = [millions, LEAST_OF_GPU / 1e6].map((n) => n.toFixed(n < 1 ? 2 : 0));
  return `steps of ${has} million multiplications, where a GPU is worth while from ${least} on`;
}
