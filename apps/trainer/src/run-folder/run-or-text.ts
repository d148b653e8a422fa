import type { RawSettings, SettingSources } from '@llm101/runs';
import type { Command } from 'commander';
import type { Output } from '../terminal/output.js';
import { settingSources, workersSetting } from '../terminal/sources.js';
import type { HeldOutOptions } from './data.js';
import { latestRun } from './latest-run.js';

/** The run that `--model` names; where it names none, the latest. */
export function namedRun(model: string | true | undefined, output: Output): string | undefined {
  return model === true ? latestRun('model', output) : model;
}

/**
 * The run or text that flags name, and the sources of the command's other settings: with a run its flags alone, as a run has its
 * own split, whatever the environment and files say.
 */
export function runOrText(
  command: Command,
  { model, workers: written, ...given }: RawSettings & { readonly model?: string | true },
  output: Output,
): { readonly sources: SettingSources; readonly named: HeldOutOptions } {
  const run = namedRun(model, output);
  const workers = workersSetting(command, written);
  const sources = settingSources(command, given);
  if (run === undefined) {
    return { sources, named: { config: sources.file?.path, workers, output } };
  }
  const { data, ...flags } = sources.flags;
  return {
    sources: { ...sources, flags, environment: {}, file: undefined },
    named: { model: run, data: data as string | undefined, workers, output },
  };
}
