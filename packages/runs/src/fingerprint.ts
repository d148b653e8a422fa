import { Sha256 } from '@llm101/data';
import { stateDict, type StateDict } from '@llm101/models';
import type { Network } from './models/model-kind.js';
import type { Run } from './run.js';
import { decisiveSettings } from './settings/resume.js';
import type { Settings } from './settings/settings.js';

/** What repeating a run must reproduce: by its data and settings the losses of its first steps, and the weights in the end. */
export interface Fingerprint {
  /** SHA-256 of the text. */
  readonly dataSha256: string;
  /** SHA-256 of the settings that decide the losses. */
  readonly settingsSha256: string;
  /** How the steps rounded; undefined in a fingerprint of 0.1.0. */
  readonly arithmetic?: string | undefined;
  /** Loss of each of the first mini-batches, in nats. */
  readonly losses: readonly number[];
  /** Of the model in the end; undefined before, for a run that failed, and in a fingerprint of 0.1.0. */
  readonly weights?: WeightsFingerprint | undefined;
}

/** A model's weights by their hash. */
export interface WeightsFingerprint {
  /** Training steps that they have seen. */
  readonly step: number;
  /** {@link weightsSha256}; shown by its first eight digits. */
  readonly sha256: string;
}

/** The fingerprint of a run as far as it is; with its weights once it is over, unless it failed. */
export function fingerprintOf({ settings, outcome, firstLosses, model }: Run): Fingerprint {
  const isOver = outcome.reason !== 'failed';
  return {
    dataSha256: settings.dataSha256 ?? '',
    settingsSha256: hashSettings(settings),
    arithmetic: outcome.arithmetic,
    losses: [...firstLosses.values],
    ...(isOver && { weights: { step: outcome.modelStep, sha256: weightsSha256(model) } }),
  };
}

/** SHA-256 of a model's parameters and buffers: the same for the same weights, on any machine and in any browser. */
export const weightsSha256 = (model: Network): string => tensorsSha256(stateDict(model));

/**
 * SHA-256 of tensors as a file of a model has them: in the order of their names, of each a line `embedding.weight F32 [27, 8]`, which ends
 * with `\n`, then its numbers, row-major and little-endian.
 */
export function tensorsSha256(tensors: StateDict): string {
  const hash = new Sha256();
  const encoder = new TextEncoder();
  for (const name of Object.keys(tensors).sort()) {
    const { dtype, shape, data } = tensors[name];
    hash.update(encoder.encode(`${name} ${dtype} [${shape.join(', ')}]\n`));
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.hex();
}

/** SHA-256 of the settings that decide the losses, whatever their order; a run that is trained longer keeps it. */
export function hashSettings(settings: Settings): string {
  const entries = Object.entries(decisiveSettings(settings));
  return sha256(JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** SHA-256 of all that a fingerprint says, which stands beside it in `fingerprint.json`. */
export function hashFingerprint(fingerprint: Fingerprint): string {
  const { dataSha256, settingsSha256, arithmetic, losses, weights } = fingerprint;
  const later = [arithmetic, weights && [weights.step, weights.sha256]]; // 0.1.0 had neither
  const [rounding, ofWeights] = later.map((part) => (part === undefined ? [] : [part]));
  return sha256(JSON.stringify([dataSha256, settingsSha256, ...rounding, losses, ...ofWeights]));
}

/** The content of `fingerprint.json`. */
export function encodeFingerprint(fingerprint: Fingerprint): string {
  return `${JSON.stringify({ fingerprint: hashFingerprint(fingerprint), ...fingerprint })}\n`;
}

function sha256(text: string): string {
  const hash = new Sha256();
  hash.update(new TextEncoder().encode(text));
  return hash.hex();
}
