import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { jointNorm } from '../../watch/distribution.js';
import type { TrainingEvent, TrainingListener, RunConfig } from '../../loop/training-event.js';
import { LogFile } from '../log-file.js';
import { histogram, scalar, startEvent, summaryEvent, text, versionEvent } from './event.js';
import type { EventTime } from './event.js';
import { tfRecord } from './tf-record.js';

/** Settings of {@link tensorboardFile}. */
export interface TensorboardFileOptions {
  /** Now, since 1970, in milliseconds; Default: `Date.now`. */
  readonly now?: () => number;
}

/**
 * A listener that writes an event file for `tensorboard --logdir FOLDER`: each figure of a log event as a scalar under
 * its name in metrics.jsonl, norms and histograms of parameters and gradients, samples and the configuration as text.
 * A resumed run continues in a file of its own, which TensorBoard reads after the others; steps that are done again replace
 * those of before.
 *
 * @param folder - made where it is missing
 * @throws Error when the file can't be written: at once, or from the listener when the disk is full
 */
export function tensorboardFile(
  folder: string,
  { now = Date.now }: TensorboardFileOptions = {},
): TrainingListener {
  mkdirSync(folder, { recursive: true });
  const startMs = now();
  const name = `events.out.tfevents.${Math.floor(startMs / 1000)}.${hostname()}.${process.pid}.${startMs}`;
  const file = new LogFile(join(folder, name), '');
  file.append(tfRecord(versionEvent(startMs)));
  return (event) => {
    if (event.type === 'end') file.close();
    if (event.type === 'start') {
      const next = event.step === 0 ? 0 : event.step + 1;
      file.append(tfRecord(startEvent({ step: next, nowMs: now() })));
    }
    const values = summaryOf(event);
    if (values === undefined) return;
    const time: EventTime = { step: stepOf(event), nowMs: now() };
    file.append(tfRecord(summaryEvent(time, values)));
  };
}

/** What of an event is written down; `undefined` for nothing. */
function summaryOf(event: TrainingEvent): Uint8Array[] | undefined {
  switch (event.type) {
    case 'start':
      return event.config && [text('config/text_summary', table(event.config))];
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
    case 'end':
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
