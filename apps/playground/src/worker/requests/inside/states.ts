import { writeTokens } from '@llm101/data';
import { RecurrentNetwork, recurrentStates } from '@llm101/models';
import { UserError } from '@llm101/runs';
import type { Handler } from '../handler.js';
import { readLine, started } from './line.js';

/** States and gates of a line by position. */
export const states: Handler<'states'> = ({ line }, run) => {
  const { model, settings, data } = started(run);
  if (!(model instanceof RecurrentNetwork)) {
    throw new UserError(`states are of gru or lstm; got ${settings.model}`);
  }
  const { tokens } = readLine(started(run), line);
  const layers = recurrentStates(model, tokens).map(({ cell, hiddenSize, values }) => ({
    cell,
    hiddenSize,
    values: Array.from(values, ([name, found]) => ({ name, values: found })),
  }));
  return { output: { texts: writeTokens(tokens, data.tokenizer), layers } };
};
