import { writeTokens } from '@llm101/data';
import { principalComponents } from '@llm101/report';
import type { Run } from '@llm101/runs';
import type { EmbeddingLook } from '../../../looks.js';
import type { Handler } from '../handler.js';
import { started } from './line.js';

/** Tokens that are shown: of more the first, so that it is done in milliseconds. */
const MOST_SYMBOLS = 128;

/** The vectors of tokens, in the two directions in which they differ most. */
export const embedding: Handler<'embedding'> = ({ table }, run) => ({
  output: embeddingOf(started(run), table),
});

function embeddingOf({ model, data }: Run, wanted: string | undefined): EmbeddingLook {
  const V = model.vocabSize;
  const tables = [...model.namedParameters()].filter(
    ([name, { shape }]) => shape.includes(V) && isOfTokens(name),
  );
  const [table, { shape, ...parameter }] = withData(
    tables.find(([name]) => name === wanted) ?? tables[0],
  );
  const shown = Math.min(V, MOST_SYMBOLS);
  const { values } = parameter;
  const vectors = Array.from({ length: shown }, (_, token) => vectorOf(values, shape, token));
  const channels = vectors[0].length;
  const { points, explained } =
    channels > 2
      ? principalComponents(vectors)
      : { points: vectors.map(([x = 0, y = 0]) => [x, y] as const), explained: [1, 1] as const };
  const symbols = writeTokens(
    Array.from({ length: shown }, (_, token) => token),
    data.tokenizer,
  );
  const names = tables.map(([name]) => name);
  return { tables: names, table, channels, symbols, points, explained, isCut: V > shown };
}

/** Tables of tokens by the names that models have for them: not those of positions, nor the head. */
const isOfTokens = (name: string): boolean =>
  /(?:^|[._])(?:embedding|wte|embed_tokens|table)\.weight$/.test(name) &&
  !name.includes('positional');

type Named = [name: string, parameter: { shape: readonly number[]; values: Float32Array }];

function withData([name, variable]: [
  string,
  ReturnType<Run['model']['parameters']>[number],
]): Named {
  return [name, { shape: variable.shape, values: variable.dataSync<'float32'>() }];
}

/** `[V, C]` has a row for each token; a convolution of one-hot rows, `[C, V, k]`, a column, for the token itself the last. */
function vectorOf(values: Float32Array, shape: readonly number[], token: number): number[] {
  if (shape.length === 2)
    return Array.from(values.subarray(token * shape[1], (token + 1) * shape[1]));
  const [C, V, k] = shape;
  return Array.from({ length: C }, (_, c) => values[(c * V + token) * k + k - 1]);
}
