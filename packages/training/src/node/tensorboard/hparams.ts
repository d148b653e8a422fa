import type { RunConfig } from '../../loop/training-event.js';
import { bytesField, doubleField, intField, message } from './wire.js';

// What TensorBoard's HParams plugin reads: messages of its plugin_data.proto and api.proto, each as a value of a summary.

/** Which figures runs are compared by, by their names in metrics.jsonl. */
const METRICS = ['valLoss', 'trainLoss'];

/** A run begins: its settings, and the table's columns. @returns values of a summary */
export function hparamsOfStart(config: RunConfig, nowMs: number): Uint8Array[] {
  const settings = Object.entries(config).filter(isShown);
  const columns = settings.map(([name, value]) =>
    bytesField(4, message(bytesField(1, name), intField(4, TYPE_OF[typeof value]))),
  );
  const metrics = METRICS.map((tag) => bytesField(5, message(bytesField(1, bytesField(2, tag)))));
  const experiment = message(...columns, ...metrics); // bounded: a column a setting
  const values = settings.map(([name, value]) =>
    bytesField(1, message(bytesField(1, name), bytesField(2, valueOf(value)))),
  );
  const session = message(...values, doubleField(5, nowMs / 1000)); // bounded: a setting each
  return [
    pluginValue('_hparams_/experiment', bytesField(2, experiment)),
    pluginValue('_hparams_/session_start_info', bytesField(3, session)),
  ];
}

/** A run ends. @returns a value of a summary */
export function hparamsOfEnd(hasFailed: boolean, nowMs: number): Uint8Array {
  const status = intField(1, hasFailed ? STATUS.failure : STATUS.success);
  const session = message(status, doubleField(2, nowMs / 1000));
  return pluginValue('_hparams_/session_end_info', bytesField(4, session));
}

const STATUS = { success: 1, failure: 2 } as const;

type Shown = string | number | boolean;

/** The numbers of api.proto's enumeration of types. */
const TYPE_OF: Readonly<Record<string, number>> = { string: 1, boolean: 2, number: 3 };

const isShown = (entry: [string, unknown]): entry is [string, Shown] =>
  Object.hasOwn(TYPE_OF, typeof entry[1]);

/** A message of struct.proto. */
function valueOf(value: Shown): Uint8Array {
  if (typeof value === 'number') return doubleField(2, value);
  return typeof value === 'string' ? bytesField(3, value) : intField(4, Number(value));
}

/** The number of a float in tensor.proto's enumeration of types. */
const DT_FLOAT = 1;

/** A value that holds nothing but what is told to the plugin. */
function pluginValue(tag: string, data: Uint8Array): Uint8Array {
  const none = message(intField(1, DT_FLOAT), bytesField(2, bytesField(2, message()))); // of shape [0]
  const plugin = message(bytesField(1, 'hparams'), bytesField(2, data));
  return message(bytesField(1, tag), bytesField(8, none), bytesField(9, bytesField(1, plugin)));
}
