import { histogram, type BinnedValues } from './histogram.js';
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
  | { readonly type: 'log'; readonly metrics: { readonly step: number } }
  | { readonly type: 'step' | 'validating' | 'validation' | 'end' };

/** Settings of {@link trainingListener}. */
export interface TrainingListenerOptions {
  /** Which histograms are logged at each watch event, as `wandb.watch(model, log)`. Default: none. */
  readonly watch?: WatchKind;
}

/**
 * A listener for `train` of `@llm101/training`, which logs its configuration, metrics and samples, and histograms where they
 * are asked for. What happens at one step becomes one row.
 */
export function trainingListener(
  run: WandbRun,
  { watch }: TrainingListenerOptions = {},
): (event: TrainingEvent) => void {
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
        run.log({ samples: event.texts.join('\n') }, { step: event.step });
        return;
      case 'log': {
        const { step, ...figures } = event.metrics;
        run.log(figures, { step });
        run.commit(); // the last event of a step
        return;
      }
      case 'end':
        run.commit();
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

/** As `wandb.watch` names them: `gradients/linear1.weight`. */
function histogramsOf(parameters: readonly WatchedValues[], kind: WatchKind): HistoryRow {
  const row: Record<string, HistoryValue> = {};
  for (const { name, values, gradient } of parameters) {
    if (kind !== 'gradients') row[`parameters/${name}`] = histogram(values);
    if (kind !== 'parameters' && gradient) row[`gradients/${name}`] = histogram(gradient);
  }
  return row;
}
