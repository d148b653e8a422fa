import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { readHeader } from '@llm101/safetensors';
import { RunFileError } from '../limits.js';
import { parseOrigin } from '../parse-origin.js';
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

/** What of a run {@link readRun} reads. */
export interface ReadRunOptions {
  /** Only what runs are compared by: no samples, statistics and weights. Default: false. */
  readonly isBrief?: boolean;
  /** Whether the model's weights are read, and not its size alone. Default: unless it is brief. */
  readonly hasWeights?: boolean;
}

/**
 * Reads the folder of a run, as written by `llm101 train`. Missing files and truncated lines are left out.
 *
 * @throws RunFileError when a file is larger than such a file may be, or no file
 * @throws Error when a file exists and can't be read
 */
export function readRun(
  folder: string,
  { isBrief = false, hasWeights = !isBrief }: ReadRunOptions = {},
): RunData {
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
  const model = join(folder, 'model.safetensors');
  return {
    name: folder,
    config: parseObject(textOf('config.json', MOST_BYTES.config)) ?? {},
    metrics: rowsOf('metrics.jsonl', parseMetrics),
    samples: isBrief ? [] : rowsOf('samples.jsonl', parseSamples),
    statistics: isBrief ? [] : rowsOf('statistics.jsonl', parseStatistics),
    weightsSha256: parseWeights(textOf('fingerprint.json', MOST_BYTES.config)),
    model: hasWeights ? modelOf(read(model, MOST_BYTES.model)) : sizeOf(model),
    origin: parseOrigin(textOf('origin.json', MOST_BYTES.config)),
  };
}

/** `undefined` where there is no such file. */
function read(path: string, most: number): Uint8Array | undefined {
  return open(path, (file) => {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new RunFileError(`${path} must be a file`);
    if (stats.size > most) {
      const [has, may] = [stats.size, most].map((n) => n.toLocaleString('en-US'));
      throw new RunFileError(`${path} may have ${may} bytes; it has ${has}; move it away`);
    }
    return new Uint8Array(readFileSync(file));
  });
}

/** @returns `undefined` where there is no such file */
function open<Result>(path: string, use: (file: number) => Result): Result | undefined {
  let file: number;
  try {
    // without O_NONBLOCK, opening a pipe that nobody writes into would wait for ever; Windows has no such flag
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return use(file);
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

/** Bytes of a header that are read for a model's size; that of a run of `llm101 train` has some thousands. */
const MOST_HEADER = 4_000_000;

/** The number of parameters by the header of a model's file. */
function sizeOf(path: string): ModelData | undefined {
  try {
    return open(path, (file) => {
      if (!fstatSync(file).isFile()) return undefined;
      const start = readStart(file, 8);
      const { byteOffset, byteLength, buffer } = start;
      const length = Number(new DataView(buffer, byteOffset, byteLength).getBigUint64(0, true));
      if (!(length <= MOST_HEADER)) return undefined;
      const { tensors } = readHeader(readStart(file, 8 + length));
      const counts = Object.values(tensors).map(({ shape }) =>
        shape.reduce((n, size) => n * size, 1),
      );
      return { parameterCount: counts.reduce((sum, n) => sum + n, 0), embedding: undefined };
    });
  } catch {
    return undefined; // as in modelOf
  }
}

function readStart(file: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, 0));
}
