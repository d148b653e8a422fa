import { createHash } from 'node:crypto';
import { z } from 'zod';
import { decisiveSettings, FIRST_STEPS, type Run, type Settings, UserError } from '@llm101/runs';
import { JsonError } from '@llm101/safetensors';
import type { TrainingListener } from '@llm101/training';
import { writeFileWholeSync } from '@llm101/training/node';
import { describeFileError } from '../terminal/errors.js';
import { readJson } from '../terminal/json-file.js';
import type { RunFolder } from './paths.js';

/** What repeating a run must reproduce: the losses of its first steps, by its data and settings. */
export interface Fingerprint {
  /** SHA-256 of the text. */
  readonly dataSha256: string;
  /** SHA-256 of the settings in config.json that decide the losses. */
  readonly settingsSha256: string;
  /** How the steps rounded; undefined in a fingerprint of 0.1.0. */
  readonly arithmetic?: string | undefined;
  /** Loss of each of the first mini-batches, in nats. */
  readonly losses: readonly number[];
}

const fileSchema = z.object({
  fingerprint: z.string(),
  dataSha256: z.string(),
  settingsSha256: z.string(),
  arithmetic: z.string().max(100).optional(),
  losses: z.array(z.number()).max(FIRST_STEPS),
});

/** SHA-256 of the settings that decide the losses, whatever their order; a run that is trained longer keeps it. */
export function hashSettings(settings: Settings): string {
  const entries = Object.entries(decisiveSettings(settings));
  return sha256(JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** A listener that writes the fingerprint of a run once its first losses are known, or at the end of a shorter one. */
export function fingerprintFile(
  { fingerprint }: RunFolder,
  { firstLosses, settings, outcome }: Pick<Run, 'firstLosses' | 'settings' | 'outcome'>,
): TrainingListener {
  return (event) => {
    const losses = firstLosses.values;
    const isShort = losses.length > 0 && losses.length < FIRST_STEPS;
    const isDue =
      event.type === 'end' ? isShort : event.type === 'step' && event.step === FIRST_STEPS;
    if (!isDue) return;
    const { dataSha256 = '' } = settings;
    const settingsSha256 = hashSettings(settings);
    const { arithmetic } = outcome;
    const content: Fingerprint = { dataSha256, settingsSha256, arithmetic, losses };
    const file = { fingerprint: hashOf(content), ...content };
    writeFileWholeSync(fingerprint, `${JSON.stringify(file)}\n`);
  };
}

/** A hundred losses take some two thousand bytes. */
const MOST = { bytes: 1_000_000, depth: 4, values: 10_000 } as const;

/** @throws UserError when there is none, or it was changed */
export function readFingerprint(path: string): Fingerprint {
  const { fingerprint, ...content } = read(path);
  if (fingerprint === hashOf(content)) return content;
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

function hashOf({ dataSha256, settingsSha256, arithmetic, losses }: Fingerprint): string {
  const rounding = arithmetic === undefined ? [] : [arithmetic]; // 0.1.0 had none
  return sha256(JSON.stringify([dataSha256, settingsSha256, ...rounding, losses]));
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
