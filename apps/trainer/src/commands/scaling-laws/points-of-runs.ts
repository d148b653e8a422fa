import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { MetricsRow } from '@llm101/report';
import { type FoundRun, readRun } from '@llm101/report/node';
import {
  type ModelConfig,
  parseModelConfig,
  resolveSettings,
  settingsOfConfig,
  trainingCost,
  UserError,
} from '@llm101/runs';
import { parseJson, readHeader } from '@llm101/safetensors';
import { runsIn } from '../../run-folder/read-runs.js';
import { resultsOfRuns, type TrialValue } from '../../sweep-folder/results-of-sweeps.js';
import type { Output } from '../../terminal/output.js';
import type { RunPoint } from './run-point.js';

/** How {@link pointsOfRuns} counts. */
interface PointsOfRunsOptions {
  /** Whether N is without embeddings. */
  readonly nonEmbedding: boolean;
  readonly output: Output;
}

/**
 * N, D, C and the last validation loss of each run in some folders; of a sweep's trial that at its end. One that has no validation yet, or no model whose sizes could be read, is
 * left out, with a note.
 *
 * @throws UserError when none is left
 */
export function pointsOfRuns(
  folders: readonly string[],
  { nonEmbedding, output }: PointsOfRunsOptions,
): RunPoint[] {
  const points: RunPoint[] = [];
  const found = runsIn(folders);
  const known = resultsOfRuns(found);
  const progress = output.progress('reading runs');
  for (const [i, one] of found.entries()) {
    progress.update(i, found.length);
    const point = pointOf(one, { nonEmbedding, known: known.get(resolve(one.folder)) });
    if (typeof point === 'string') output.note(`${one.folder} is left out: ${point}`);
    else points.push({ name: one.name, ...point });
  }
  progress.end();
  if (points.length > 0) return points;
  throw new UserError(
    `there must be runs with a model and a validation loss; ${found.length} were looked at and none has both; train them with a --val-interval above 0`,
  );
}

/** How good a run was after so many steps. */
interface Reached {
  readonly step: number;
  /** Of the text that is held out, in nats a token. */
  readonly loss: number;
}

interface PointOptions {
  readonly nonEmbedding: boolean;
  /** What a sweep knows of the run. */
  readonly known: readonly TrialValue[] | undefined;
}

/** @returns why there is none, in words */
function pointOf(
  { folder }: FoundRun,
  { nonEmbedding, known = [] }: PointOptions,
): RunPoint | string {
  try {
    const { config: raw, metrics } = readRun(folder, { isBrief: true });
    if (known.length > 0 && known.every(({ isPaused }) => isPaused)) {
      return 'its sweep left it behind before its end, where its loss is higher than it need be';
    }
    const last = lastResult(known) ?? lastValidation(metrics);
    if (last === undefined) return 'no validation loss was logged';
    const config = modelConfigIn(join(folder, 'model.safetensors'));
    if (config === undefined) return 'it has no model.safetensors of llm101';
    const settings = resolveSettings({
      flags: {},
      file: { path: join(folder, 'config.json'), settings: settingsOfConfig(raw) },
    });
    const cost = trainingCost(settings, config, { steps: last.step });
    const { parameters, nonEmbedding: without, tokens, flop } = cost;
    return { parameters: nonEmbedding ? without : parameters, tokens, flop, loss: last.loss };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What a sweep by the validation loss has last: that at the end, which a log may lack. */
function lastResult(known: readonly TrialValue[]): Reached | undefined {
  const last = known
    .filter(({ objective }) => objective === 'valLoss')
    .sort((a, b) => a.step - b.step)
    .at(-1);
  return last && { step: last.step, loss: last.value };
}

function lastValidation(metrics: readonly MetricsRow[]): Reached | undefined {
  for (const { step, valLoss } of metrics.toReversed()) {
    if (typeof valLoss === 'number' && valLoss > 0 && valLoss < Infinity && step > 0)
      return { step, loss: valLoss };
  }
  return undefined;
}

/** Bytes of a header: a model's has some thousands, with its tokenizer some millions. */
const MOST_HEADER = 100_000_000;

/** The sizes of a saved model, by the beginning of its file. */
function modelConfigIn(path: string): ModelConfig | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    if (!fstatSync(file).isFile()) return undefined;
    const start = new Uint8Array(8);
    readSync(file, start, 0, 8, 0);
    const length = Number(new DataView(start.buffer).getBigUint64(0, true));
    if (!(length <= MOST_HEADER && 8 + length <= fstatSync(file).size)) return undefined;
    const header = new Uint8Array(8 + length);
    readSync(file, header, 0, header.length, 0);
    const { metadata } = readHeader(header);
    const model = metadata['model'];
    return model === undefined ? undefined : parseModelConfig(parseJson(model));
  } finally {
    closeSync(file);
  }
}
