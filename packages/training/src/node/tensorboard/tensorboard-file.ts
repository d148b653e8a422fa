import { join } from 'node:path';
import { jointNorm } from '../../watch/distribution.js';
import type { TrainingEvent, TrainingListener, RunConfig } from '../../loop/training-event.js';
import { histogram, scalar, text, type EventTime } from './event.js';
import { EventFile } from './event-file.js';
import { hparamsOfEnd, hparamsOfStart } from './hparams.js';

/** Settings of {@link tensorboardFile}. */
export interface TensorboardFileOptions {
  /** Now, since 1970, in milliseconds; Default: `Date.now`. */
  readonly now?: () => number;
}

/** The losses that TensorBoard draws in one chart, `loss`: the folders by which it tells its lines apart, and their figures. */
const LOSSES = { train: 'trainLoss', validation: 'valLoss' } as const;

/**
 * A listener that writes event files for `tensorboard --logdir FOLDER`: each figure of a log event as a scalar under
 * its name in metrics.jsonl, norms and histograms of parameters and gradients, samples and the configuration as text, the
 * configuration's plain values for the HParams plugin, too, which compares runs by them. In its folders `train` and
 * `validation` is the loss of each as `loss`, so that one chart has both. A resumed run continues in files of its own, which
 * TensorBoard reads after the others; steps that are done again replace those of before.
 *
 * @param folder - made where it is missing
 * @throws Error when a file can't be written: at once, or from the listener when the disk is full
 */
export function tensorboardFile(
  folder: string,
  { now = Date.now }: TensorboardFileOptions = {},
): TrainingListener {
  const file = new EventFile(folder, now());
  const losses = new Map<string, EventFile>();
  let next = 0;
  const lossFile = (name: string, nowMs: number): EventFile => {
    const opened = losses.get(name);
    if (opened !== undefined) return opened;
    const made = new EventFile(join(folder, name), nowMs);
    made.start({ step: next, nowMs });
    losses.set(name, made);
    return made;
  };
  return (event) => {
    if (WITHOUT.has(event.type)) return;
    if (event.type === 'start') {
      next = event.step === 0 ? 0 : event.step + 1;
      file.start({ step: next, nowMs: now() });
    }
    const nowMs = now();
    const values = summaryOf(event, nowMs);
    const time: EventTime = { step: stepOf(event), nowMs };
    if (values !== undefined) file.append(time, values);
    if (event.type === 'log') {
      for (const [name, figure] of Object.entries(LOSSES)) {
        const loss = event.metrics[figure];
        if (loss !== undefined) lossFile(name, nowMs).append(time, [scalar('loss', loss)]);
      }
    }
    if (event.type === 'end') for (const each of [file, ...losses.values()]) each.close();
  };
}

/** Events of which nothing is written down. */
const WITHOUT: ReadonlySet<TrainingEvent['type']> = new Set(['step', 'validating', 'validation']);

/** What of an event is written down; `undefined` for nothing. */
function summaryOf(event: TrainingEvent, nowMs: number): Uint8Array[] | undefined {
  switch (event.type) {
    case 'start':
      return (
        event.config && [
          text('config/text_summary', table(event.config)),
          ...hparamsOfStart(event.config, nowMs),
        ]
      );
    case 'end':
      return [hparamsOfEnd(event.reason === 'failed', nowMs)];
    case 'watch':
      return [
        scalar('parameterNorm', jointNorm(event.parameters.map(({ values }) => values))),
        scalar(
          'gradientNorm',
          jointNorm(event.parameters.flatMap(({ gradient }) => gradient ?? [])),
        ),
        ...event.parameters.flatMap(({ name, values, gradient }) => [
          histogram(`parameters/${name}`, values),
          ...(gradient === undefined ? [] : [histogram(`gradients/${name}`, gradient)]),
        ]),
      ];
    case 'samples':
      return [text('samples/text_summary', codeBlock(event.texts))];
    case 'log':
      return Object.entries(event.metrics)
        .filter(([name]) => name !== 'step')
        .map(([name, value]) => scalar(name, Number(value)));
    case 'step':
    case 'validating':
    case 'validation':
      return undefined;
    default:
      return event satisfies never;
  }
}

function stepOf(event: TrainingEvent): number {
  return event.type === 'log' ? event.metrics.step : event.step;
}

/** Names and values as a table. */
function table(config: RunConfig): string {
  const rows = Object.entries(config).map(([name, value]) => {
    const shown = typeof value === 'string' ? value : JSON.stringify(value);
    return `| ${name} | ${escape(shown)} |`;
  });
  return ['| setting | value |', '| --- | --- |', ...rows].join('\n');
}

/** Lines as they are. TensorBoard takes four spaces for code, and shows nothing in them as markup. */
function codeBlock(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}`).join('\n');
}

function escape(cell: string): string {
  return cell.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ');
}
