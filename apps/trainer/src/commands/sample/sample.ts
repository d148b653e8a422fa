import { setImmediate as turn } from 'node:timers/promises';
import { drawText, drawTexts, planTexts } from '@llm101/inference';
import type { DrawnText, DrawOptions, TextPlan } from '@llm101/inference';
import { Generator } from '@llm101/random';
import { type Settings, UserError } from '@llm101/runs';
import { readFileWithin } from '@llm101/training/node';
import { compareWithTraining, describeComparison } from '../../run-folder/compare-with-training.js';
import { type ModelOfRun, openModelOfRun } from '../../run-folder/model-file.js';
import { describeFileError } from '../../terminal/errors.js';
import type { Output } from '../../terminal/output.js';
import { RULE } from '../../terminal/samples.js';
import { onOutputError } from '../../terminal/streams.js';
import { savedScores, threadsFor } from '../../threads/saved-scores.js';

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
  const { config, model, examples } = saved;
  const isByLine = examples === 'lines';
  const { count = isByLine ? 10 : 1, maxLength = isByLine ? 100 : 500 } = settings;
  const prompt = promptFile === undefined ? (settings.prompt ?? '') : readPrompt(promptFile, saved);
  const plan = planTexts(saved, {
    ...settings,
    prompt,
    promptFlag: promptFile && '--prompt-file',
    maxLength,
  });
  const rows = Math.min(count, CHUNK, model.streamRows ?? CHUNK);
  const length = isByLine ? Math.min(maxLength, USUAL_LENGTH) : maxLength;
  const work = { config, rows, tokens: count * length };
  const scores = savedScores(saved, { rows, workers: threadsFor(workers, work) });
  const generator = Generator.seeded(settings.seed);
  if (saved.answerAfter !== undefined && prompt === '') {
    output.note(
      `the model has learned what stands after ${saved.answerAfter} alone; ask it, by --prompt QUESTION${saved.answerAfter}`,
    );
  }
  const unread = new AbortController();
  onOutputError(() => unread.abort());
  const texts: string[] = [];
  const drawn: Omit<DrawnText, 'text'>[] = [];
  try {
    if (count === 1 && !output.isDocument) texts.push(showOne(plan, { generator, scores, output }));
    for (let done = texts.length; done < count && !unread.signal.aborted; done += rows) {
      const more = drawTexts(plan, { count: Math.min(rows, count - done), generator, scores });
      if (isByLine) output.answerTexts(more.map(({ text }) => text));
      else
        for (const [i, { text }] of more.entries())
          output.answerPart(`${done + i === 0 ? '' : `${RULE}\n`}${text}\n`);
      for (const { text, ...tokens } of more) {
        if (output.isDocument || texts.length < COMPARED) texts.push(text);
        if (output.isDocument) drawn.push(tokens);
      }
      await turn(); // the error of a reader that has gone comes here
    }
    const begun = plan.prompt.length; // a prompt that was composed is shorter
    const drawnParts = isByLine ? texts : texts.map((text) => text.slice(begun));
    const compared = drawnParts.slice(0, COMPARED);
    const inTraining = await compareWithTraining(compared, { runDir, examples });
    if (inTraining !== undefined) output.note(describeComparison(inTraining, examples));
    const { temperature, topK, topP, end, seed } = settings;
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

/** Draws a text and shows it token by token. */
function showOne(
  plan: TextPlan,
  { output, ...options }: DrawOptions & { readonly output: Output },
): string {
  output.answerPart(plan.prompt);
  let text = plan.prompt;
  for (const part of drawText(plan, options)) {
    if (part.text === '') continue;
    output.answerPart(part.text);
    text += part.text;
  }
  output.answerPart('\n');
  return text;
}
