import {
  encodeFingerprint,
  FIRST_STEPS,
  type Fingerprint,
  fingerprintOf,
  parseFingerprint,
  type Run,
  UserError,
  type WeightsFingerprint,
} from '@llm101/runs';
import { JsonError } from '@llm101/safetensors';
import type { TrainingListener } from '@llm101/training';
import { writeFileWholeSync } from '@llm101/training/node';
import { describeFileError } from '../terminal/errors.js';
import { readJson } from '../terminal/json-file.js';
import { count } from '../terminal/output.js';
import type { RunFolder } from './paths.js';

/** A listener that writes the fingerprint of a run once its first losses are known, and at its end. */
export function fingerprintFile({ fingerprint }: RunFolder, run: Run): TrainingListener {
  return (event) => {
    const { length } = run.firstLosses.values;
    const isShort = length < FIRST_STEPS;
    const isDue =
      event.type === 'end'
        ? length > 0 && (isShort || event.reason !== 'failed')
        : event.type === 'step' && event.step === FIRST_STEPS;
    if (isDue) writeFileWholeSync(fingerprint, encodeFingerprint(fingerprintOf(run)));
  };
}

/** The weights of a model in a few digits, by which runs on two machines, or in a page, are told apart. */
export const describeWeights = ({ step, sha256 }: WeightsFingerprint): string =>
  `fingerprint of the weights after step ${count(step)}: ${sha256.slice(0, SHOWN_DIGITS)}`;

/** Digits of a hash that are shown: two models that differ have the same once in four thousand million times. */
const SHOWN_DIGITS = 8;

/** A hundred losses take some two thousand bytes. */
const MOST = { bytes: 1_000_000, depth: 4, values: 10_000 } as const;

/** @throws UserError when there is none, or it was changed */
export function readFingerprint(path: string): Fingerprint {
  const parsed = parseFingerprint(read(path));
  if (parsed === undefined) throw new UserError(notOne(path));
  if (parsed.isIntact) return parsed.fingerprint;
  throw new UserError(`${path} isn't as it was written: its hash doesn't fit; take it from a copy`);
}

function read(path: string): unknown {
  try {
    return readJson(path, MOST);
  } catch (cause) {
    throw new UserError(
      cause instanceof JsonError
        ? notOne(path)
        : `there is no fingerprint to verify at ${path}: ${describeFileError(cause)}; llm101 train writes one after a hundred steps, or at the end`,
      { cause },
    );
  }
}

const notOne = (path: string): string =>
  `${path} isn't the fingerprint of a run; take it from a copy`;
