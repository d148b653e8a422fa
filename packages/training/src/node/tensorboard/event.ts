import { histogramEdges, type Distribution } from '../../watch/distribution.js';
import { bytesField, doubleField, doublesField, floatField, intField, message } from './wire.js';

// Messages of TensorFlow's event.proto, summary.proto and tensor.proto, each with the fields that TensorBoard reads.

/** When something happened. */
export interface EventTime {
  readonly step: number;
  /** Since 1970, in milliseconds. */
  readonly nowMs: number;
}

/** The event that a file of events begins with. */
export function versionEvent(nowMs: number): Uint8Array {
  return message(doubleField(1, nowMs / 1000), bytesField(3, 'brain.Event:2'));
}

/** The number of `START` in event.proto's enumeration of what happens to a session. */
const SESSION_START = 1;

/** A run begins or resumes: TensorBoard drops what it has read of this step and later ones. */
export function startEvent({ step, nowMs }: EventTime): Uint8Array {
  const session = bytesField(7, intField(1, SESSION_START));
  return message(doubleField(1, nowMs / 1000), intField(2, step), session);
}

/** An event with figures. @param values - by {@link scalar}, {@link histogram}, {@link text}, or those of hparams.ts */
export function summaryEvent({ step, nowMs }: EventTime, values: Uint8Array[]): Uint8Array {
  const summary = message(...values.map((value) => bytesField(1, value))); // bounded: a figure a parameter
  return message(doubleField(1, nowMs / 1000), intField(2, step), bytesField(5, summary));
}

/** A number, kept as float32. */
export function scalar(tag: string, value: number): Uint8Array {
  return message(bytesField(1, tag), floatField(2, value));
}

export function histogram(tag: string, distribution: Distribution): Uint8Array {
  const { minimum, maximum, count, mean, norm, counts } = distribution;
  const histo = message(
    doubleField(1, minimum),
    doubleField(2, maximum),
    doubleField(3, count),
    doubleField(4, mean * count),
    doubleField(5, norm * norm),
    doublesField(6, histogramEdges(distribution).slice(1)), // where each bin ends
    doublesField(7, counts),
  );
  return message(bytesField(1, tag), bytesField(5, histo));
}

/** The number of strings in tensor.proto's enumeration of types. */
const DT_STRING = 7;

/** Markdown, shown by the text plugin. */
export function text(tag: string, markdown: string): Uint8Array {
  const shape = message(bytesField(2, intField(1, 1))); // one string
  const tensor = message(intField(1, DT_STRING), bytesField(2, shape), bytesField(8, markdown));
  const metadata = bytesField(1, bytesField(1, 'text')); // plugin_data { plugin_name }
  return message(bytesField(1, tag), bytesField(8, tensor), bytesField(9, metadata));
}
