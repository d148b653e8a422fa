import { existsSync, rmSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { type RawSettings, type Settings, textBits, UserError } from '@llm101/runs';
import type { TrainingListener } from '@llm101/training';
import type { JobResult, Objective } from '@llm101/sweeps';
import { trainCommand } from './train.js';
import type { ExtraLogName, Tracking } from '../../run-folder/extra-logs.js';
import { settingsOfNew } from '../../run-folder/initial.js';
import { runFolder } from '../../run-folder/paths.js';
import { settingsOfResumed } from '../../run-folder/settings.js';
import { messageOf } from '../../terminal/errors.js';
import { silentOutput } from '../../terminal/output.js';
import { Stopped, type StopSignal } from '../../terminal/stop-signal.js';

/** A part of a trial's run that is to be done in a folder, as plain data. */
export interface TrialWork {
  /** Of the run. */
  readonly runDir: string;
  readonly settings: Settings;
  /** The step after which it pauses; undefined where it goes on to its end. */
  readonly until: number | undefined;
  readonly objective: Objective;
  /** Threads that it may have. */
  readonly threads: number;
  readonly log: readonly ExtraLogName[];
  /** How it is called where it is tracked. */
  readonly tracking: Tracking;
  /** The file that the settings are from, for messages. */
  readonly config: string;
}

/** How far a trial is. */
export interface TrialProgress {
  readonly step: number;
  /** Mean of all mini-batch losses so far, in nats. */
  readonly trainLoss: number;
}

/** What {@link runTrial} needs besides its work. */
interface RunTrialOptions {
  /** Asks it to keep a checkpoint and return. */
  readonly signal: AbortSignal;
  /** Told now and then. */
  readonly report: (progress: TrialProgress) => void;
}

/**
 * Does a part of a trial's run, as `llm101 train` would: from the last checkpoint of its folder, if it has one, to its pause or its end.
 * What fails there is its result.
 *
 * @returns undefined where it was stopped before that
 */
export async function runTrial(
  work: TrialWork,
  { signal, report }: RunTrialOptions,
): Promise<JobResult | undefined> {
  const startedMs = performance.now();
  const seen: Seen = { step: 0, answer: {}, bits: undefined };
  const result = (status: JobResult['status'], rest: Partial<JobResult>): JobResult => {
    const durationMs = Math.round(performance.now() - startedMs);
    return { status, step: seen.step, ...rest, durationMs };
  };
  const stop = pauseOrStop(signal);
  try {
    await train(work, { seen, stop, report });
  } catch (error) {
    if (signal.aborted) return undefined;
    if (!(error instanceof Stopped)) return result('failed', { error: messageOf(error) });
    seen.answer = error.result;
  }
  if (signal.aborted) return undefined;
  const value = objectiveOf(work.objective, seen);
  if (value === undefined) {
    const error = `there is no ${work.objective} at step ${seen.step}, by which the trials are compared; take another objective`;
    return result('failed', { error });
  }
  const { weightsSha256 } = seen.answer;
  return stop.isPaused ? result('paused', { value }) : result('finished', { value, weightsSha256 });
}

/** What was seen of a run. */
interface Seen {
  step: number;
  /** What it said at its end, or at its pause. */
  answer: Answer;
  /** Bits of the text for a nat of the loss. */
  bits: { readonly bitsPerByte: number; readonly bitsPerCharacter: number } | undefined;
}

/** What is read of a training's result. */
interface Answer {
  readonly trainLoss?: number;
  readonly valLoss?: number;
  readonly valAnswerAccuracy?: number;
  readonly evaluation?: { readonly loss: number; readonly answerAccuracy?: number };
  readonly weightsSha256?: string;
}

function objectiveOf(objective: Objective, { answer, bits }: Seen): number | undefined {
  const { evaluation, trainLoss } = answer;
  const { loss = answer.valLoss, answerAccuracy = answer.valAnswerAccuracy } = evaluation ?? {};
  const inBits = (perNat = NaN): number | undefined => loss && loss * perNat;
  const values: Readonly<Record<Objective, number | undefined>> = {
    valLoss: loss,
    trainLoss,
    valAnswerAccuracy: answerAccuracy,
    bitsPerByte: inBits(bits?.bitsPerByte),
    bitsPerCharacter: inBits(bits?.bitsPerCharacter),
  };
  return values[objective];
}

/** Settings whose epochs say how long the training is, without the steps that settings always have. */
function lengthOnce({ maxSteps, ...settings }: Settings): RawSettings {
  return settings.epochs === undefined ? { ...settings, maxSteps } : settings;
}

async function train(
  { runDir, settings: own, config, until, objective, threads, log, tracking }: TrialWork,
  { seen, stop, report }: { seen: Seen; stop: TrialStop; report: RunTrialOptions['report'] },
): Promise<void> {
  const source = { flags: {}, file: { path: config, settings: lengthOnce(own) } };
  const resumed = isStarted(runDir) ? settingsOfResumed(runDir, {}) : undefined;
  const { settings, initial } = resumed ?? settingsOfNew(source);
  await trainCommand(settings, {
    runDir,
    before: resumed?.before,
    initial,
    log,
    tracking,
    tokenFile: false,
    plot: false,
    output: silentOutput((document) => (seen.answer = document)),
    stop,
    threads,
    report: false,
    listen(run) {
      const { data, dataSha256 } = run.settings;
      if (own.dataSha256 !== undefined && dataSha256 !== own.dataSha256) {
        throw new UserError(
          `${data} isn't the text that the sweep began with: it has SHA-256 ${dataSha256}, not ${own.dataSha256}; put that back, or start another sweep`,
        );
      }
      if (objective.startsWith('bits')) seen.bits = textBits(1, run.data.val, run.data.tokenizer);
      return listenerOf({ until, seen, report, pause: stop.pause });
    },
  });
}

/** Whether a run was begun in a folder; what one left that was killed before it could keep anything is taken away. */
function isStarted(runDir: string): boolean {
  const { path, config, checkpoints } = runFolder(runDir);
  if (existsSync(config) && existsSync(checkpoints)) return true;
  rmSync(path, { recursive: true, force: true });
  return false;
}

interface ListenerOptions {
  readonly until: number | undefined;
  readonly seen: Seen;
  readonly report: RunTrialOptions['report'];
  readonly pause: () => void;
}

const PROGRESS_MS = 250;

/** Pauses a run after its step, and tells how far it is. */
function listenerOf({ until = Infinity, seen, report, pause }: ListenerOptions): TrainingListener {
  let toldMs = -Infinity;
  return (event) => {
    if (event.type !== 'start' && event.type !== 'step') return;
    const { step } = event;
    seen.step = step;
    if (step >= until) pause();
    const nowMs = performance.now();
    if (event.type === 'start' || nowMs - toldMs < PROGRESS_MS) return;
    report({ step, trainLoss: event.trainLoss });
    toldMs = nowMs;
  };
}

/** A stop signal that a trial's pause sets off, too. */
interface TrialStop extends StopSignal {
  readonly isPaused: boolean;
  readonly pause: () => void;
}

function pauseOrStop(signal: AbortSignal): TrialStop {
  const paused = new AbortController();
  const either = AbortSignal.any([signal, paused.signal]);
  return {
    signal: either,
    exitStatus: undefined,
    get isPaused() {
      return paused.signal.aborted;
    },
    pause: () => paused.abort(),
    async check(message, result) {
      await turn();
      if (either.aborted) throw new Stopped(message, result);
    },
    release() {},
  };
}
