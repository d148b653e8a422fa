import { parseJson, readSafetensors, type SafetensorsFile } from '@llm101/safetensors';
import { linesOf, RunFileError } from './limits.js';
import type {
  Embedding,
  MetricsRow,
  ModelData,
  ParameterNorms,
  Samples,
  Statistics,
} from './run-data.js';

/** A run that was killed often leaves some; with many more it is another file. */
const MOST_BROKEN_LINES = 1000;

/** The lines of JSON whose objects have these numbers; others, such as a truncated line, are skipped. */
function parseLines(text: string, numbers: readonly string[]): Record<string, unknown>[] {
  const objects: Record<string, unknown>[] = [];
  let broken = 0;
  for (const line of linesOf(text)) {
    const object = line.startsWith('{') ? parseObject(line) : undefined;
    if (object === undefined && line !== '' && ++broken > MOST_BROKEN_LINES) {
      throw new RunFileError(
        `a log may have ${MOST_BROKEN_LINES} lines that are no object of JSON; this has more`,
      );
    }
    if (object !== undefined && numbers.every((key) => Number.isFinite(object[key]))) {
      objects.push(object);
    }
  }
  return objects;
}

/** The object in a JSON text, or `undefined`; also for one that nests deeply or holds very many values. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(parseJson(text));
  } catch {
    return undefined;
  }
}

/** Parses the text of metrics.jsonl; skips lines that aren't such rows. */
export function parseMetrics(text: string): MetricsRow[] {
  return parseLines(text, ['step', 'trainLoss']).map((object) => {
    const numbers = Object.entries(object).filter(([, value]) => typeof value === 'number');
    const row: Partial<MetricsRow> = Object.fromEntries(numbers);
    return Object.assign(row, {
      step: Number(object['step']),
      trainLoss: Number(object['trainLoss']),
    });
  });
}

/** Parses the text of samples.jsonl; skips lines that aren't such rows. */
export function parseSamples(text: string): Samples[] {
  return parseLines(text, ['step']).map(({ step, texts }) => ({
    step: Number(step),
    texts: Array.isArray(texts) ? texts.flatMap(textOf) : [],
  }));
}

/** Parses the text of statistics.jsonl; skips lines that aren't such rows. */
export function parseStatistics(text: string): Statistics[] {
  return parseLines(text, ['step', 'parameterNorm', 'gradientNorm']).map((object) => ({
    step: Number(object['step']),
    parameterNorm: Number(object['parameterNorm']),
    gradientNorm: Number(object['gradientNorm']),
    parameters: Object.fromEntries(
      Object.entries(asObject(object['parameters']) ?? {}).map(([name, parts]) => [
        name,
        normsOf(parts),
      ]),
    ),
  }));
}

function normsOf(parts: unknown): ParameterNorms {
  const { values, gradient } = asObject(parts) ?? {};
  const norm = asObject(gradient)?.['norm'];
  return {
    values: numberOf(asObject(values)?.['norm']),
    gradient: norm === undefined ? undefined : numberOf(norm),
  };
}

/** A text; nothing for what isn't one, as it may be anything. */
const textOf = (value: unknown): string[] =>
  typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];

/** NaN for what isn't a number, as it may be anything. */
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : NaN);

function asObject(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value as Record<string, unknown>;
}

/**
 * Parses model.safetensors as far as a report shows it.
 *
 * @throws SafetensorsError when it isn't such a file
 */
export function parseModel(bytes: Uint8Array): ModelData {
  const file = readSafetensors(bytes);
  let parameterCount = 0;
  for (const { data } of Object.values(file.tensors)) parameterCount += data.length;
  return { parameterCount, embedding: embeddingOf(file) };
}

/** Characters in the order of their tokens: a string of code points, or a list of what takes more. */
function isAlphabet(value: unknown): value is string | readonly string[] {
  if (typeof value === 'string') return true;
  return Array.isArray(value) && value.every((symbol) => typeof symbol === 'string');
}

/** Symbols and components of an embedding that is drawn; more take minutes, and can't be read. */
const MOST_SYMBOLS = 10_000;
const MOST_COMPONENTS = 256;

function embeddingOf({ tensors, metadata }: SafetensorsFile): Embedding | undefined {
  const weight = tensors['embedding.weight'];
  const { padding, alphabet } = parseObject(metadata['tokenizer'] ?? '') ?? {};
  if (weight?.dtype !== 'F32' || weight.shape.length !== 2) return undefined;
  if (typeof padding !== 'string' || !isAlphabet(alphabet)) return undefined;
  const [V, C] = weight.shape;
  if (V > MOST_SYMBOLS || C > MOST_COMPONENTS || !weight.data.every(Number.isFinite)) {
    return undefined;
  }
  const named = [padding, ...Array.from(alphabet)]; // of a string, one token per code point
  return {
    symbols: Array.from({ length: V }, (_, v) => named[v] ?? '?'), // the last one is for unknown characters
    vectors: Array.from({ length: V }, (_, v) => [...weight.data.subarray(v * C, (v + 1) * C)]),
  };
}
