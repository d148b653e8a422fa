import type { Compile, EvaluationData, Metrics, Trainable } from '@llm101/training';
import { closingError } from './closing-error.js';
import { describeEvaluation } from '../evaluate/describe-evaluation.js';
import { evaluateWithProgress } from '../evaluate/evaluate-with-progress.js';
import type { Output } from '../../terminal/output.js';
import type { HeldRunFolder } from '../../run-folder/run-folder.js';
import type { RunFollower } from '../../run/run-follower.js';
import { Stopped, type StopSignal } from '../../terminal/stop-signal.js';
import { stoppable } from './stoppable.js';

/** A run whose model is trained and saved. */
export interface RunToClose {
  readonly run: HeldRunFolder;
  /** What was logged last. */
  readonly metrics: Metrics;
  readonly follower: RunFollower;
  /** Whether there are checkpoints from which it could go on. */
  readonly canGoOn: boolean;
  readonly trained: Trainable;
  readonly validation: EvaluationData;
  readonly compile: Compile;
  readonly drawNames: () => string[];
  readonly output: Output;
  readonly stop: StopSignal;
}

/**
 * Says how a run ended, validates its model and draws names from it.
 *
 * @returns the exit status
 * @throws Stopped when a signal has come, saying what is saved
 */
export async function closeRun(closing: RunToClose): Promise<number> {
  const { run, metrics, follower, trained, validation, output, stop } = closing;
  const { print } = output;
  for (const line of follower.describe()) print(line);
  const { best, reason: status } = follower;
  const paths = { runDir: run.path, model: run.model, report: run.report };
  const result = { ...paths, ...metrics, ...(best && { best }) };
  const saved = `the model is saved in ${run.path}`;
  const canGoOn = closing.canGoOn && status === 'stopped';
  const goesOn = canGoOn ? `\nllm101 train --resume ${run.path} goes on` : '';
  await stop.check(`stopped after step ${follower.step}; ${saved}${goesOn}`, result);
  const stopped = new Stopped(`stopped in the closing validation; ${saved}`, result);
  const compile = stoppable(closing.compile, stop, stopped);
  try {
    const evaluation = await evaluateWithProgress(trained, validation, { output, compile });
    const names = closing.drawNames();
    print(`\nvalidation\n${describeEvaluation(evaluation)}`);
    print(`\n${names.length} names; llm101 sample --run-dir ${run.path} draws more`, ...names);
    output.answer([], { status, ...result, evaluation, names });
  } catch (error) {
    throw closingError(error, saved, run.path);
  }
  return 0;
}
