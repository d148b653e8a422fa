import { InvalidArgumentError } from 'commander';

/** Logs that a run keeps only where `--log` asks for them. */
export const EXTRA_LOGS = ['csv', 'tensorboard', 'wandb'] as const;

/** One of {@link EXTRA_LOGS}. */
export type ExtraLog = (typeof EXTRA_LOGS)[number];

/** `csv,tensorboard`, each counted once. */
export function parseLogs(written: string): ExtraLog[] {
  const kinds = written.split(',').map((kind) => {
    const known = EXTRA_LOGS.find((log) => log === kind.trim());
    if (known === undefined) {
      throw new InvalidArgumentError(`The kinds are ${EXTRA_LOGS.join(', ')}.`);
    }
    return known;
  });
  return [...new Set(kinds)];
}
