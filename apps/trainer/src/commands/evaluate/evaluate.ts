import { describeText, spreadLines, tokenLinesOf } from '@llm101/data';
import {
  isStream,
  leastScored,
  MOST_SCORED,
  type Settings,
  type TextInfo,
  type TextPart,
  tokenCount,
  UserError,
  withAnswers,
  withTextBits,
} from '@llm101/runs';
import { count, type Output } from '../../terminal/output.js';
import { dataOfRun } from '../../run-folder/data.js';
import { sizeOfPart } from '../../run-folder/describe-data.js';
import { evaluateSaved, type ModelOfRun, openModelOfRun } from '../../run-folder/model-file.js';
import { runFolder } from '../../run-folder/paths.js';
import { sha256OfRun } from '../../run-folder/text-of-run.js';
import { readTokens } from '../../run-folder/token-file.js';
import { describeEvaluation } from '../../terminal/evaluation.js';

/** What {@link evaluateCommand} needs. */
export interface EvaluateCommandOptions {
  readonly runDir: string;
  /** Where the run's text is now, or another text, instead of the run's validation lines. */
  readonly data?: string | undefined;
  /** Whether all of a long text is scored. */
  readonly all: boolean;
  /** Threads that score. */
  readonly workers: Settings['workers'];
  readonly output: Output;
}

/** `llm101 evaluate`: a saved model on its run's validation lines, or on every line of another text. */
export async function evaluateCommand(options: EvaluateCommandOptions): Promise<void> {
  const { runDir, data, all, workers, output } = options;
  const saved = await openModelOfRun(runDir);
  const { config, model, step } = saved;
  output.print(`${config.type} of ${runDir}, ${step} steps`);
  const other = data === undefined ? undefined : await otherText(data, saved, options);
  const { part, name, described, held } = other ?? (await validationOf(saved, options));
  output.print(described);
  const size = tokenCount(part);
  const most = all || size <= MOST_SCORED ? undefined : MOST_SCORED;
  const lines = most === undefined || isStream(part) ? undefined : spreadLines(part.tokens, most);
  const scored = lines?.positions ?? most ?? size; // a line is scored as a whole
  if (scored < size) {
    output.print(
      `scores some ${count(scored)} of its ${count(size)} tokens, spread evenly; --all scores each`,
    );
  }
  const measured = await (lines === undefined
    ? evaluateSaved(saved, part, { most, workers, output })
    : evaluateSaved(saved, { tokens: lines }, { workers, output }));
  const evaluation = withTextBits(measured, part, saved.tokenizer);
  output.answer(describeEvaluation(evaluation), {
    runDir,
    model: config.type,
    step,
    data: name,
    part: held,
    ...evaluation,
  });
  model.dispose();
}

/** What is measured: all of a text, or what a run held out of its own. */
interface Measured {
  readonly part: TextPart;
  readonly name: string;
  readonly held: 'validation' | 'all';
  readonly described: string;
}

/** What to do about a character that the model doesn't know. */
const UNKNOWN = 'take it out, or train a model on a text that has it';

const allOf = (loaded: TextInfo, part: TextPart): Measured => ({
  part,
  name: loaded.name,
  held: 'all',
  described: `${describeText(loaded)}, which isn't the run's text; all of it`,
});

/** @returns all of a text, where it isn't the run's own */
async function otherText(
  data: string,
  { config, model, tokenizer, examples, answerAfter }: ModelOfRun,
  { runDir, output }: EvaluateCommandOptions,
): Promise<Measured | undefined> {
  const own = sha256OfRun(runFolder(runDir));
  const { loaded, tokens } = await readTokens(data, tokenizer, {
    examples,
    output,
    remedy: UNKNOWN,
  });
  if (loaded.sha256 === own) return undefined;
  if (examples === 'lines') {
    const lines = tokenLinesOf(tokens, tokenizer);
    return allOf(loaded, { tokens: withAnswers(lines, { loaded, tokenizer }, { answerAfter }) });
  }
  const least = leastScored(config.type, model.contextSize);
  if (tokens.length < least) {
    throw new UserError(
      `${loaded.name} must have at least ${count(least)} tokens for the model to score one; it has ${count(tokens.length)}; ` +
        `give a longer text`,
    );
  }
  return allOf(loaded, { tokens });
}

async function validationOf(
  saved: ModelOfRun,
  { runDir, data, output }: EvaluateCommandOptions,
): Promise<Measured> {
  const run = runFolder(runDir);
  const remedy = `measure the model on a text of your own with --data, or take ${run.config} from a copy`;
  const { loaded, val } = await dataOfRun(run, saved, { data, output, remedy });
  const what = saved.examples === 'lines' ? 'lines' : 'tokens';
  return {
    part: val,
    name: loaded.name,
    held: 'validation',
    described: `${describeText(loaded)}; its ${count(sizeOfPart(val))} validation ${what}`,
  };
}
