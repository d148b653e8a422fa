import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { readConfigFile } from './config-file.js';
import { describeFileError } from '../terminal/describe-file-error.js';
import { LossRecorder } from '../run/loss-recorder.js';
import type { WrittenSettings } from '../settings/written-settings.js';
import type { RunFolder } from './run-folder.js';
import { UserError } from '../settings/user-error.js';
import { writeFileWhole } from './write-file-whole.js';

/** What a run must give again: the losses of its first steps, under its data and settings. */
export interface Fingerprint {
  /** SHA-256 of the text. */
  readonly dataSha256: string;
  /** SHA-256 of the settings in config.json. */
  readonly settingsSha256: string;
  /** Loss of each of the first mini-batches, in nats. */
  readonly losses: readonly number[];
}

const fileSchema = z.object({
  fingerprint: z.string(),
  dataSha256: z.string(),
  settingsSha256: z.string(),
  losses: z.array(z.number()),
});

/** SHA-256 of settings, in whatever order they stand. */
export function hashSettings(settings: WrittenSettings): string {
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined);
  return sha256(JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Records the losses of a run's first steps, then writes its fingerprint. */
export function recordFingerprint(
  { fingerprint, config }: RunFolder,
  dataSha256: string,
): LossRecorder {
  return new LossRecorder((losses) => {
    const settingsSha256 = hashSettings(readConfigFile(config));
    writeFingerprint(fingerprint, { dataSha256, settingsSha256, losses });
  });
}

/** Writes a fingerprint as JSON, under a hash of all that it holds. */
function writeFingerprint(path: string, content: Fingerprint): void {
  const file = { fingerprint: hashOf(content), ...content };
  writeFileWhole(path, `${JSON.stringify(file)}\n`);
}

/** @throws UserError when there is none, or it isn't as it was written */
export function readFingerprint(path: string): Fingerprint {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UserError(
      `there is no fingerprint to verify at ${path}: ${describeFileError(cause)}; llm101 train keeps one after a hundred steps, or at the end`,
      { cause },
    );
  }
  const { fingerprint, ...content } = parse(path, text);
  if (fingerprint === hashOf(content)) return content;
  throw new UserError(`${path} isn't as it was written: its hash doesn't fit; take it from a copy`);
}

function parse(path: string, text: string): z.infer<typeof fileSchema> {
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError(`${path} isn't the fingerprint of a run; take it from a copy`, { cause });
  }
}

function hashOf({ dataSha256, settingsSha256, losses }: Fingerprint): string {
  return sha256(JSON.stringify([dataSha256, settingsSha256, losses]));
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
