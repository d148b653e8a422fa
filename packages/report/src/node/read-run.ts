import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunFileError } from '../limits.js';
import {
  parseMetrics,
  parseModel,
  parseObject,
  parseSamples,
  parseStatistics,
  parseWeights,
} from '../parse-run.js';
import type { ModelData, RunData } from '../run-data.js';

/** How many bytes a file of a run may have; a million lines of metrics have 200 million. */
const MOST_BYTES = { config: 16_000_000, log: 400_000_000, model: 1_000_000_000 } as const;

/**
 * Reads the folder of a run, as written by `llm101 train`. Missing files and truncated lines are left out.
 *
 * @throws RunFileError when a file is larger than such a file may be, or no file
 * @throws Error when a file exists and can't be read
 */
export function readRun(folder: string): RunData {
  const textOf = (name: string, most: number): string =>
    new TextDecoder().decode(read(join(folder, name), most) ?? new Uint8Array());
  const rowsOf = <Row>(name: string, parse: (text: string) => Row): Row => {
    const text = textOf(name, MOST_BYTES.log);
    try {
      return parse(text);
    } catch (cause) {
      if (!(cause instanceof RunFileError)) throw cause;
      throw new RunFileError(`${join(folder, name)}: ${cause.message}`, { cause });
    }
  };
  return {
    name: folder,
    config: parseObject(textOf('config.json', MOST_BYTES.config)) ?? {},
    metrics: rowsOf('metrics.jsonl', parseMetrics),
    samples: rowsOf('samples.jsonl', parseSamples),
    statistics: rowsOf('statistics.jsonl', parseStatistics),
    weightsSha256: parseWeights(textOf('fingerprint.json', MOST_BYTES.config)),
    model: modelOf(read(join(folder, 'model.safetensors'), MOST_BYTES.model)),
  };
}

/** `undefined` where there is no such file. */
function read(path: string, most: number): Uint8Array | undefined {
  let file: number;
  try {
    // without O_NONBLOCK, opening a pipe that nobody writes into would wait for ever; Windows has no such flag
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new RunFileError(`${path} must be a file`);
    if (stats.size > most) {
      const [has, may] = [stats.size, most].map((n) => n.toLocaleString('en-US'));
      throw new RunFileError(`${path} may have ${may} bytes; it has ${has}; move it away`);
    }
    return new Uint8Array(readFileSync(file));
  } finally {
    closeSync(file);
  }
}

function modelOf(file: Uint8Array | undefined): ModelData | undefined {
  if (file === undefined) return undefined;
  try {
    return parseModel(file);
  } catch {
    return undefined; // a damaged model is no reason to show nothing of its run
  }
}
