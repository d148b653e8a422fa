import { table, type WandbTable } from './values/table.js';
import { histogram, type BinnedValues } from './values/histogram.js';
import type { WandbRun } from './run.js';
import type { HistoryRow, HistoryValue, RunConfig } from './spool/run-record.js';

/** Which histograms a run keeps of a model. */
export type WatchKind = 'gradients' | 'parameters' | 'all';

/** A parameter as `@llm101/training` watches it. */
export interface WatchedValues {
  readonly name: string;
  readonly values: BinnedValues;
  /** `undefined` where the loss doesn't depend on it. */
  readonly gradient: BinnedValues | undefined;
}

/** What a run is told of a training: the events of `@llm101/training`, by their shape. */
export type TrainingEvent =
  | { readonly type: 'start'; readonly config?: RunConfig }
  | {
      readonly type: 'watch';
      readonly step: number;
      readonly parameters: readonly WatchedValues[];
    }
  | { readonly type: 'samples'; readonly step: number; readonly texts: readonly string[] }
  | {
      readonly type: 'log';
      readonly metrics: { readonly step: number; readonly valLoss?: number };
    }
  | { readonly type: 'end'; readonly step: number; readonly reason: string }
  | { readonly type: 'step' | 'validating' | 'validation' };

/** Settings of {@link trainingListener}. */
export interface TrainingListenerOptions {
  /** Which histograms are logged at each watch event, as `wandb.watch(model, log)`. Default: none. */
  readonly watch?: WatchKind;
}

/**
 * A listener for `train` of `@llm101/training`, which logs its configuration, its metrics, its samples as tables, and histograms where
 * they are asked for; what happens at one step becomes one row. In the summary it keeps the lowest validation loss,
 * `bestValLoss` and `bestStep`, and how the training ended, `endReason` and `steps`.
 */
export function trainingListener(
  run: WandbRun,
  { watch }: TrainingListenerOptions = {},
): (event: TrainingEvent) => void {
  let best = Infinity;
  return (event) => {
    switch (event.type) {
      case 'start':
        if (event.config !== undefined) run.updateConfig(event.config);
        return;
      case 'watch':
        if (watch === undefined) return;
        run.log(histogramsOf(event.parameters, watch), { step: event.step });
        return;
      case 'samples':
        run.log({ samples: samplesOf(event.step, event.texts) }, { step: event.step });
        return;
      case 'log': {
        const { step, ...figures } = event.metrics;
        run.log(figures, { step });
        run.commit(); // the last event of a step
        const { valLoss = Infinity } = event.metrics;
        if (valLoss < best) {
          best = valLoss;
          run.updateSummary({ bestValLoss: best, bestStep: step });
        }
        return;
      }
      case 'end':
        run.commit();
        run.updateSummary({ endReason: event.reason, steps: event.step });
        return;
      case 'step':
      case 'validating':
      case 'validation':
        return;
      default:
        event satisfies never;
    }
  };
}

const samplesOf = (step: number, texts: readonly string[]): WandbTable =>
  table({ columns: ['step', 'text'], data: texts.map((text) => [step, text]) });

/** As `wandb.watch` names them: `gradients/linear1.weight`. */
function histogramsOf(parameters: readonly WatchedValues[], kind: WatchKind): HistoryRow {
  const row: Record<string, HistoryValue> = {};
  for (const { name, values, gradient } of parameters) {
    if (kind !== 'gradients') row[`parameters/${name}`] = histogram(values);
    if (kind !== 'parameters' && gradient) row[`gradients/${name}`] = histogram(gradient);
  }
  return row;
}
