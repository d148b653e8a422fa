import { setImmediate as turn } from 'node:timers/promises';
import { type DrawnToken, sample, type SampleOptions } from '@llm101/models';
import { Generator } from '@llm101/random';
import { samplePrompt, type Settings, UserError } from '@llm101/runs';
import { readFileWithin } from '@llm101/training/node';
import { compareWithTraining, describeComparison } from '../../run-folder/compare-with-training.js';
import { type ModelOfRun, openModelOfRun } from '../../run-folder/model-file.js';
import { describeFileError } from '../../terminal/errors.js';
import type { Output } from '../../terminal/output.js';
import { encodePrompt } from '../../terminal/prompt.js';
import { RULE } from '../../terminal/samples.js';
import { onOutputError } from '../../terminal/streams.js';
import { savedScores, threadsFor } from '../../threads/saved-scores.js';
import { cut, type Ending, endingOf, Shown } from './ending.js';

/** Samples that are drawn at a time, so that any number of them takes no more memory. */
const CHUNK = 256;

/** Samples that are compared with the training text. */
const COMPARED = 10_000;

/** Characters of a line, for a guess at how long all will take. */
const USUAL_LENGTH = 8;

/** What is drawn. */
interface SampleSettings {
  readonly count?: number | undefined;
  readonly temperature: number;
  readonly topK?: number | undefined;
  readonly topP: number;
  readonly prompt?: string | undefined;
  readonly promptFile?: string | undefined;
  readonly maxLength?: number | undefined;
  readonly end?: string | undefined;
  readonly seed: number;
}

/** What {@link sampleCommand} needs besides settings. */
export interface SampleCommandOptions {
  readonly runDir: string;
  readonly workers: Settings['workers'];
  readonly output: Output;
}

/** `llm101 sample`: samples from a saved model, until there are enough or the reader has gone. */
export async function sampleCommand(
  { promptFile, ...settings }: SampleSettings,
  { runDir, workers, output }: SampleCommandOptions,
): Promise<void> {
  const saved = await openModelOfRun(runDir);
  const { config, model, tokenizer, examples } = saved;
  const isByLine = examples === 'lines';
  const { count = isByLine ? 10 : 1, maxLength = isByLine ? 100 : 500 } = settings;
  const prompt = promptFile === undefined ? (settings.prompt ?? '') : readPrompt(promptFile, saved);
  const { hidden, ...begin } = samplePrompt(
    saved,
    encodePrompt(prompt, tokenizer, promptFile && '--prompt-file'),
  );
  const ending = endingOf(settings.end, saved);
  if (isByLine && begin.prompt.length >= maxLength) {
    throw new UserError(
      `--max-length must be above the ${begin.prompt.length} tokens of the prompt, which are part of a line; got ${maxLength}; raise it`,
    );
  }
  const rows = Math.min(count, CHUNK, model.streamRows ?? CHUNK);
  const length = isByLine ? Math.min(maxLength, USUAL_LENGTH) : maxLength;
  const work = { config, rows, tokens: count * length };
  const scores = savedScores(saved, { rows, workers: threadsFor(workers, work) });
  const { temperature, topK, topP, seed } = settings;
  const plan: Plan = {
    saved,
    hidden,
    ending,
    options: {
      temperature,
      topK,
      topP,
      prompt: begin.prompt,
      endToken: ending.token ?? begin.endToken,
      maxLength: isByLine ? maxLength : maxLength + begin.prompt.length,
      generator: Generator.seeded(seed),
      scores,
    },
  };
  const unread = new AbortController();
  onOutputError(() => unread.abort());
  const texts: string[] = [];
  const drawn: DrawnText[] = [];
  try {
    if (count === 1 && !output.isDocument) texts.push(showOne(plan, output));
    for (let done = texts.length; done < count && !unread.signal.aborted; done += rows) {
      const more = drawSome(plan, {
        count: Math.min(rows, count - done),
        isDocument: output.isDocument,
      });
      if (isByLine) output.answerTexts(more.map(({ text }) => text));
      else
        for (const [i, { text }] of more.entries())
          output.answerPart(`${done + i === 0 ? '' : `${RULE}\n`}${text}\n`);
      for (const { text, tokens } of more) {
        if (output.isDocument || texts.length < COMPARED) texts.push(text);
        if (output.isDocument) drawn.push(tokens);
      }
      await turn(); // the error of a reader that has gone comes here
    }
    const begun = tokenizer.decode(begin.prompt.slice(hidden)).length; // a prompt that was composed is shorter
    const drawnParts = isByLine ? texts : texts.map((text) => text.slice(begun));
    const compared = drawnParts.slice(0, COMPARED);
    const inTraining = await compareWithTraining(compared, { runDir, examples });
    if (inTraining !== undefined) output.note(describeComparison(inTraining, examples));
    const { end } = settings;
    output.answer([], {
      runDir,
      count,
      temperature,
      ...(topK !== undefined && { topK }),
      topP,
      prompt,
      maxLength,
      ...(end !== undefined && { end }),
      seed,
      texts,
      drawn,
      ...(inTraining && { inTraining }),
    });
  } finally {
    scores.dispose();
    model.dispose();
  }
}

/** Bytes of a prompt. */
const MOST_PROMPT = 10_000_000;

/** The prompt in a file; the line end behind a line isn't part of it, and lines end as the model's do. */
function readPrompt(path: string, { examples, tokenizer }: ModelOfRun): string {
  try {
    const bytes = readFileWithin(path, MOST_PROMPT);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (examples === 'lines') return text.replace(/\r?\n$/, '');
    const knowsReturns = tokenizer.firstUnknown('\r\n') === undefined;
    return knowsReturns ? text : text.replaceAll('\r\n', '\n');
  } catch (cause) {
    const why = cause instanceof TypeError ? 'it must be UTF-8' : describeFileError(cause);
    throw new UserError(`--prompt-file ${path} can't be read: ${why}; name a text file`, { cause });
  }
}

/** How texts are drawn. */
interface Plan {
  readonly saved: ModelOfRun;
  readonly options: Omit<SampleOptions, 'count' | 'onToken'> & {
    readonly prompt: readonly number[];
  };
  /** Tokens of the prompt that aren't part of the text. */
  readonly hidden: number;
  readonly ending: Ending;
}

/** The tokens of a text that were drawn, as they are written, and how likely each was. */
interface DrawnText {
  readonly tokens: string[];
  /** In nats. */
  readonly logProbabilities: number[];
}

/** Draws some texts at once. */
function drawSome(
  { saved: { model, tokenizer }, options, hidden, ending }: Plan,
  { count, isDocument }: { readonly count: number; readonly isDocument: boolean },
): { readonly text: string; readonly tokens: DrawnText }[] {
  const drawn = Array.from({ length: count }, (): DrawnText => ({
    tokens: [],
    logProbabilities: [],
  }));
  const note = ({ sequence, token, logProbability }: DrawnToken): void => {
    drawn[sequence].tokens.push(tokenizer.decode([token]));
    drawn[sequence].logProbabilities.push(logProbability);
  };
  const sequences = sample(model, { ...options, count, ...(isDocument && { onToken: note }) });
  const promptLength = tokenizer.decode(options.prompt.slice(hidden)).length;
  return sequences.map((sequence, i) => ({
    text: cut(tokenizer.decode(sequence.slice(hidden)), ending, promptLength),
    tokens: drawn[i],
  }));
}

/** A text has come to its end, whatever more would be drawn. */
class Ended extends Error {}

/** Draws a text and shows it token by token. */
function showOne(
  { saved: { model, tokenizer }, options, hidden, ending }: Plan,
  output: Output,
): string {
  const prompt = tokenizer.decode(options.prompt.slice(hidden));
  output.answerPart(prompt);
  const shown = new Shown(ending, output.answerPart);
  const decoder = tokenizer.decoder();
  const onToken = ({ token }: DrawnToken): void => {
    if (token !== options.endToken && shown.push(decoder.push([token]))) throw new Ended();
  };
  try {
    sample(model, { ...options, count: 1, onToken });
    if (!shown.push(decoder.end())) shown.finish();
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
  }
  output.answerPart('\n');
  return prompt + shown.text;
}
