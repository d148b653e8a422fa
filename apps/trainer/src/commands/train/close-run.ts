import { type Run, UserError } from '@llm101/runs';
import type { Compile, Compiled, Metrics } from '@llm101/training';
import type { Tensor } from '@tensorflow/tfjs-core';
import { count, type Output } from '../../terminal/output.js';
import type { RunFolder } from '../../run-folder/run-folder.js';
import { describeFailure } from '../../terminal/errors.js';
import { describeEvaluation } from '../../terminal/evaluation.js';
import { Stopped, type StopSignal } from '../../terminal/stop-signal.js';

/** Names that are drawn at the end. */
const NAMES = 10;

/** What {@link closeRun} needs besides the run. */
export interface CloseRunOptions {
  /** What was logged last. */
  readonly metrics: Metrics;
  readonly output: Output;
  readonly stop: StopSignal;
}

/**
 * Says how a run ended, validates its model, which is saved, and draws names from it.
 *
 * @returns the exit status
 * @throws Stopped when a signal has come, saying what is saved
 */
export async function closeRun(
  run: Run,
  folder: RunFolder,
  { metrics, output, stop }: CloseRunOptions,
): Promise<number> {
  const { print } = output;
  for (const line of describeEnd(run)) print(line);
  const { best, reason: status, step } = run.outcome;
  const paths = { runDir: folder.path, model: folder.model, report: folder.report };
  const result = { ...paths, ...metrics, ...(best && { best }) };
  const saved = `the model is saved in ${folder.path}`;
  const canResume = run.settings.checkpointInterval > 0 && status === 'stopped';
  const resumes = canResume ? `\nllm101 train --resume ${folder.path} resumes it` : '';
  await stop.check(`stopped after step ${step}; ${saved}${resumes}`, result);
  const stopped = new Stopped(`stopped in the closing validation; ${saved}`, result);
  const progress = output.progress('evaluating');
  try {
    const evaluation = await run
      .evaluate({
        compile: stoppable(run.compile, stop, stopped),
        onProgress: progress.update,
      })
      .finally(progress.end);
    const names = run.sample(NAMES);
    print(`\nvalidation\n${describeEvaluation(evaluation)}`);
    print(`\n${NAMES} names; llm101 sample --run-dir ${folder.path} draws more`, ...names);
    output.answer([], { status, ...result, evaluation, names });
  } catch (error) {
    if (error instanceof Stopped) throw error;
    const why = describeFailure(error, folder.path);
    throw new UserError(`${saved}, but could not be validated: ${why}`, { cause: error });
  }
  return 0;
}

/** How a run ended; no line where all steps were done and the model is that of the last. */
function describeEnd({ outcome: { step, reason, best } }: Run): string[] {
  const lines: string[] = [];
  if (reason === 'no better') {
    lines.push(`validations got no better; ended after step ${count(step)}`);
  }
  if (best !== undefined) {
    const loss = best.valLoss.toFixed(4);
    lines.push(`the model is that of step ${best.step}, the best validation: ${loss} nats`);
  }
  return lines;
}

/**
 * A compiler whose steps stop at the next call once a signal has come.
 *
 * @param stopped - what they throw then
 */
function stoppable(compile: Compile, { signal }: StopSignal, stopped: Stopped): Compile {
  return <Inputs extends readonly Tensor[], Output extends Tensor>(
    step: (...inputs: Inputs) => Output,
  ) => {
    const compiled = compile(step);
    const read: Compiled<Inputs, Output>['read'] = (...inputs) => {
      if (signal.aborted) throw stopped;
      return compiled.read(...inputs);
    };
    return Object.assign((...inputs: Inputs) => compiled(...inputs), {
      read,
      dispose: () => compiled.dispose(),
    });
  };
}
