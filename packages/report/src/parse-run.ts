import { parseJson, readSafetensors, type SafetensorsFile } from '@llm101/safetensors';
import { linesOf, RunFileError } from './limits.js';
import { downsample } from './downsample.js';
import type { Histogram } from './pictures/histogram.js';
import { quantilesOf } from './pictures/quantiles.js';
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

/** The hash of the weights in the text of fingerprint.json, where it has one. */
export function parseWeights(text: string): string | undefined {
  const sha256 = asObject(parseObject(text)?.['weights'])?.['sha256'];
  return typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : undefined;
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
  const lines = parseLines(text, ['step', 'parameterNorm', 'gradientNorm']);
  const kept = new Set(downsample([...lines.keys()], MOST_QUANTILES));
  return lines.map((object, i) => ({
    step: Number(object['step']),
    parameterNorm: Number(object['parameterNorm']),
    gradientNorm: Number(object['gradientNorm']),
    parameters: Object.fromEntries(
      Object.entries(asObject(object['parameters']) ?? {}).map(([name, parts]) => [
        name,
        normsOf(parts, { isLast: i === lines.length - 1, isKept: kept.has(i) }),
      ]),
    ),
  }));
}

/** Lines of which quantiles are kept; a picture has no room for more. */
const MOST_QUANTILES = 60;

function normsOf(
  parts: unknown,
  { isLast, isKept }: { readonly isLast: boolean; readonly isKept: boolean },
): ParameterNorms {
  const { values, gradient } = asObject(parts) ?? {};
  const norm = asObject(gradient)?.['norm'];
  const [ofValues, ofGradient] = [values, gradient].map((part) =>
    isKept ? histogramOf(asObject(part)) : undefined,
  );
  const histograms = present(ofValues, ofGradient);
  const quantiles = present(quantilesIn(ofValues), quantilesIn(ofGradient));
  return {
    values: numberOf(asObject(values)?.['norm']),
    gradient: norm === undefined ? undefined : numberOf(norm),
    ...(isLast && histograms && { histograms }),
    ...(quantiles && { quantiles }),
  };
}

/** Those of the values and of the gradient that there are; nothing where there is neither. */
function present<Value>(
  values: Value | undefined,
  gradient: Value | undefined,
): { values?: Value; gradient?: Value } | undefined {
  if (values === undefined && gradient === undefined) return undefined;
  return { ...(values && { values }), ...(gradient && { gradient }) };
}

function quantilesIn(histogram: Histogram | undefined): readonly number[] | undefined {
  const found = histogram && quantilesOf(histogram);
  return found?.every(Number.isFinite) && found.length > 0 ? found : undefined;
}

const MOST_BINS = 1000;

/** The histogram of a distribution as training records it: equal bins from the smallest to the largest value. */
function histogramOf(distribution: Record<string, unknown> | undefined): Histogram | undefined {
  const { minimum, maximum, counts } = distribution ?? {};
  if (!Array.isArray(counts) || counts.length < 1 || counts.length > MOST_BINS) return undefined;
  if (!counts.every((count): count is number => isNumber(count) && count >= 0)) return undefined;
  if (!isNumber(minimum) || !isNumber(maximum)) return undefined;
  const [low, high] = minimum === maximum ? [minimum - 0.5, maximum + 0.5] : [minimum, maximum];
  const width = (high - low) / counts.length;
  const edges = Array.from({ length: counts.length + 1 }, (_, i) => low + i * width);
  return edges.every((edge, i) => i === 0 || edge > edges[i - 1]) ? { counts, edges } : undefined;
}

const isNumber = (value: unknown): value is number => Number.isFinite(value);

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

/** Rows of an embedding that is drawn, and the smaller of rows and columns; more take minutes, and can't be read. */
const MOST_SYMBOLS = 10_000;
const MOST_DIRECTIONS = 256;

/** A matrix of a row for each token, by a name such as `embedding.weight`, `transformer.wte.weight`, `model.embed_tokens.weight`. */
const TOKENS = /embed|wte/i;

/** A matrix of a row for each position: `positions.weight`, `transformer.wpe.weight`. */
const POSITIONS = /pos|wpe/i;

function embeddingOf({ tensors, metadata }: SafetensorsFile): Embedding | undefined {
  const symbols = symbolsOf(parseObject(metadata['tokenizer'] ?? '') ?? {});
  const matrices = Object.entries(tensors).filter(
    ([name, { dtype, shape }]) => dtype === 'F32' && shape.length === 2 && !POSITIONS.test(name),
  );
  const fits = ([, { shape }]: (typeof matrices)[number]): boolean =>
    symbols === undefined || shape[0] === symbols.length || shape[0] === symbols.length + 1;
  const found =
    matrices.find((matrix) => TOKENS.test(matrix[0]) && fits(matrix)) ??
    (symbols && matrices.find(fits));
  if (found === undefined) return undefined;
  const [name, { data, shape }] = found;
  const [V, C] = shape;
  if (V > MOST_SYMBOLS || C < 2 || Math.min(V, C) > MOST_DIRECTIONS) return undefined;
  if (!data.every(Number.isFinite)) return undefined;
  return {
    name,
    // The last one is for unknown characters.
    symbols: Array.from({ length: V }, (_, v) =>
      symbols === undefined ? String(v) : (symbols[v] ?? '?'),
    ),
    vectors: Array.from({ length: V }, (_, v) =>
      Array.from(data.subarray(v * C, (v + 1) * C), Number),
    ),
  };
}

/** The tokens of a tokenizer in their order, as far as its JSON names them: of characters, of bytes, or of BPE. */
function symbolsOf(tokenizer: Record<string, unknown>): string[] | undefined {
  const { type, padding, special, alphabet } = tokenizer;
  const first = special ?? (padding === undefined ? [] : [padding]);
  if (!isTexts(first)) return undefined;
  if (type === 'BytesTokenizer') return [...first, ...Array.from({ length: 256 }, byteName)];
  if (type === 'BpeTokenizer') return vocabularyOf(asObject(tokenizer['tokenizer']));
  const characters = typeof alphabet === 'string' ? Array.from(alphabet) : alphabet; // of a string, code points
  return isTexts(characters) ? [...first, ...characters] : undefined;
}

/** A byte as its ASCII character, or in hexadecimal. */
const byteName = (_: unknown, byte: number): string =>
  byte >= 0x20 && byte < 0x7f ? String.fromCodePoint(byte) : byte.toString(16).padStart(2, '0');

/** The tokens of a `tokenizer.json` in their order; GPT-2 writes a blank as Ġ and a line's end as Ċ. */
function vocabularyOf(file: Record<string, unknown> | undefined): string[] | undefined {
  const vocabulary = asObject(asObject(file?.['model'])?.['vocab']);
  if (vocabulary === undefined) return undefined;
  const tokens = Object.entries(vocabulary).filter(([, id]) => Number.isSafeInteger(id));
  if (tokens.length > MOST_SYMBOLS) return undefined;
  return tokens
    .toSorted(([, a], [, b]) => Number(a) - Number(b))
    .map(([token]) => token.replaceAll('Ġ', ' ').replaceAll('Ċ', '\n'));
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((symbol) => typeof symbol === 'string');
}
