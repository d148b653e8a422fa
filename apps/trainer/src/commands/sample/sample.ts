import { setImmediate as turn } from 'node:timers/promises';
import { sample } from '@llm101/models';
import { Generator } from '@llm101/random';
import type { Settings } from '@llm101/runs';
import { openModelOfRun } from '../../run-folder/model-file.js';
import type { Output } from '../../terminal/output.js';
import { encodePrompt } from '../../terminal/prompt.js';
import { onOutputError } from '../../terminal/streams.js';
import { savedScores, threadsFor } from '../../threads/saved-scores.js';

/** Samples that are drawn at a time, so that any number of them takes no more memory. */
const CHUNK = 256;

/** Characters of a sample, for a guess at how long all will take. */
const USUAL_LENGTH = 8;

/** What is drawn. */
interface SampleSettings {
  readonly count: number;
  readonly temperature: number;
  readonly topK?: number | undefined;
  readonly topP: number;
  readonly prompt: string;
  readonly maxLength: number;
  readonly seed: number;
}

/** What {@link sampleCommand} needs besides settings. */
export interface SampleCommandOptions {
  readonly runDir: string;
  readonly workers: Settings['workers'];
  readonly output: Output;
}

/** `llm101 sample`: samples from a saved model, one a line, until there are enough or the reader has gone. */
export async function sampleCommand(
  settings: SampleSettings,
  { runDir, workers, output }: SampleCommandOptions,
): Promise<void> {
  const { seed, prompt, count, ...options } = settings;
  const saved = await openModelOfRun(runDir);
  const { config, model, tokenizer } = saved;
  const tokens = encodePrompt(prompt, tokenizer);
  const generator = Generator.seeded(seed);
  const rows = Math.min(count, CHUNK);
  const work = { config, rows, tokens: count * Math.min(options.maxLength, USUAL_LENGTH) };
  const scores = savedScores(saved, { rows, workers: threadsFor(workers, work) });
  const unread = new AbortController();
  onOutputError(() => unread.abort());
  async function* draw(): AsyncGenerator<string[]> {
    for (let drawn = 0; drawn < count && !unread.signal.aborted; drawn += CHUNK) {
      const more = Math.min(CHUNK, count - drawn);
      const sequences = sample(model, {
        ...options,
        count: more,
        prompt: tokens,
        generator,
        scores,
      });
      yield sequences.map((sequence) => tokenizer.decode(sequence));
      await turn(); // the error of a reader that has gone comes here
    }
  }
  try {
    await output.answerEach(draw(), (texts) => ({ runDir, ...settings, texts }));
  } finally {
    scores.dispose();
    model.dispose();
  }
}
