import { writeTokens } from '@llm101/data';
import { attentionWeights, GPT, Megabyte } from '@llm101/models';
import { type Run, UserError } from '@llm101/runs';
import type { AttentionMap } from '../../../looks.js';
import type { Handler } from '../handler.js';
import { readLine, started } from './line.js';

/** What each head attends to: of a GPT over the line, of a MEGABYTE up to a position, between patches and within its last. */
export const attention: Handler<'attention'> = ({ line, position }, run) => {
  const begun = started(run);
  const { model, data, settings } = begun;
  const { tokens, rows, form } = readLine(begun, line);
  const write = (some: readonly number[]): string[] => writeTokens(some, data.tokenizer);
  if (model instanceof GPT) {
    const maps = attentionWeights(model, tokens);
    const labels = write(tokens);
    return answerOf(maps.map((heads, i) => mapOf(heads, { part: 'layer', number: i + 1, labels })));
  }
  if (!(model instanceof Megabyte)) {
    throw new UserError(`attention is of gpt or megabyte; got ${settings.model}`);
  }
  const at = Math.min(position, tokens.length - 1);
  const read = form === 'windows' ? rows[at] : tokens.slice(0, at + 1);
  return answerOf(megabyteMaps(begun, model, read, write));
};

const answerOf = (maps: AttentionMap[]) => ({
  output: maps,
  transfer: maps.map(({ values }) => values.buffer),
});

function mapOf(
  heads: readonly (readonly Float32Array[])[],
  about: Pick<AttentionMap, 'part' | 'number' | 'labels'>,
): AttentionMap {
  const T = heads[0].length;
  const values = new Float32Array(heads.length * T * T);
  for (const [h, rows] of heads.entries()) {
    for (const [i, row] of rows.entries()) values.set(row, (h * T + i) * T);
  }
  return { ...about, heads: heads.length, values };
}

function megabyteMaps(
  { data }: Run,
  model: Megabyte,
  read: readonly number[],
  write: (tokens: readonly number[]) => string[],
): AttentionMap[] {
  const P = model.patchSize;
  const pad =
    data.tokenizer.paddingIndex === undefined ? ' ' : write([data.tokenizer.paddingIndex])[0];
  const texts = write(read);
  const patches = Array.from({ length: Math.ceil(read.length / P) }, (_, k) =>
    Array.from(
      { length: P },
      (__, j) => texts.at(k * P - P + 1 + j < 0 ? Infinity : k * P - P + 1 + j) ?? pad,
    ).join(''),
  );
  const last = texts.slice((patches.length - 1) * P);
  const within = Array.from({ length: P }, (_, j) => (j === 0 ? pad : (last.at(j) ?? pad)));
  const globals = model.global.blocks.length;
  return attentionWeights(model, read).map((heads, i) =>
    i < globals
      ? mapOf(heads, { part: 'global', number: i + 1, labels: patches })
      : mapOf(heads, { part: 'local', number: i + 1 - globals, labels: within }),
  );
}
