import { Predictor } from '@llm101/inference';
import { Generator, randomInt64 } from '@llm101/random';
import type { Run } from '@llm101/runs';
import { compile } from '@llm101/wasm';
import type { Draw, ModelFile, NextOutput, UseRequests } from '../../../use-requests.js';
import type { Answer } from '../handler.js';
import { begunRun } from './begun-run.js';

const predictors = new WeakMap<Run, Predictor>();

/** What may follow a text, by the run's model as it is between two steps; and what the seed draws there. */
export function next(
  { text, drawing, drawn }: UseRequests['next']['input'],
  run: Run | undefined,
): Answer<NextOutput> {
  const begun = begunRun(run);
  const predictor = predictorOf(begun);
  predictor.changed();
  const { seed, ...options } = drawing;
  const tokens = predictor.next(text, { ...options, drawn });
  const entropyBits = tokens.reduce(
    (sum, { probability: p }) => (p > 0 ? sum - p * Math.log2(p) : sum),
    0,
  );
  const draw = drawFrom(tokens, numberOf(seed, drawn.length));
  return { output: { step: begun.outcome.step, tokens, entropyBits, draw } };
}

/** The run's model as the file that the command writes. */
export function takeModel(
  _: UseRequests['model']['input'],
  run: Run | undefined,
): Answer<ModelFile> {
  const begun = begunRun(run);
  const bytes = begun.save();
  return { output: { bytes, step: begun.outcome.modelStep }, transfer: [bytes.buffer] };
}

function predictorOf(run: Run): Predictor {
  const known = predictors.get(run);
  if (known !== undefined) return known;
  const { model, data } = run;
  const { tokenizer, examples } = data;
  const made = new Predictor({ model, tokenizer, examples }, { compile });
  predictors.set(run, made);
  return made;
}

/** The random number that `llm101 sample` draws the token of that index by, in its first text. */
function numberOf(seed: number, index: number): number {
  const random = Generator.seeded(randomInt64(Generator.seeded(seed)));
  for (let i = 0; i < index; i++) random.nextDouble();
  return random.nextDouble();
}

/** The token whose part of [0, 1) holds the number; what rounding leaves at the end belongs to the last. */
function drawFrom(tokens: NextOutput['tokens'], u: number): Draw {
  const possible = tokens.filter(({ drawn }) => drawn > 0).toSorted((a, b) => a.token - b.token);
  let end = 0;
  const found = possible.find(({ drawn }) => u < (end += drawn));
  return { u, token: found ?? possible[possible.length - 1] };
}
