import { z } from 'zod';
import {
  encodeFingerprint,
  FIRST_STEPS,
  type Fingerprint,
  fingerprintOf,
  hashFingerprint,
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

const fileSchema = z.object({
  fingerprint: z.string(),
  dataSha256: z.string(),
  settingsSha256: z.string(),
  arithmetic: z.string().max(100).optional(),
  losses: z.array(z.number()).max(FIRST_STEPS),
  weights: z.object({ step: z.int().min(0), sha256: z.hash('sha256') }).optional(),
});

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
  const { fingerprint, ...content } = read(path);
  if (fingerprint === hashFingerprint(content)) return content;
  throw new UserError(`${path} isn't as it was written: its hash doesn't fit; take it from a copy`);
}

function read(path: string): z.infer<typeof fileSchema> {
  try {
    return fileSchema.parse(readJson(path, MOST));
  } catch (cause) {
    throw new UserError(
      cause instanceof JsonError || cause instanceof z.ZodError
        ? `${path} isn't the fingerprint of a run; take it from a copy`
        : `there is no fingerprint to verify at ${path}: ${describeFileError(cause)}; llm101 train writes one after a hundred steps, or at the end`,
      { cause },
    );
  }
}
