import type { MetricsRow, ParameterNorms, Samples, Statistics } from './run-data.js';

/** Lines of JSON whose objects have these numbers; others, such as a line that was cut, are left out. */
function parseLines(text: string, numbers: readonly string[]): Record<string, unknown>[] {
  return text.split('\n').flatMap((line) => {
    const object = parseObject(line);
    return numbers.every((key) => typeof object?.[key] === 'number') ? [object ?? {}] : [];
  });
}

/** The object that a JSON text holds, if it holds one. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return asObject(value);
  } catch {
    return undefined;
  }
}

/** metrics.jsonl. */
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

/** samples.jsonl. */
export function parseSamples(text: string): Samples[] {
  return parseLines(text, ['step']).map(({ step, texts }) => ({
    step: Number(step),
    texts: Array.isArray(texts) ? texts.map(String) : [],
  }));
}

/** statistics.jsonl. */
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
    values: Number(asObject(values)?.['norm']),
    gradient: norm === undefined ? undefined : Number(norm),
  };
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value as Record<string, unknown>;
}
