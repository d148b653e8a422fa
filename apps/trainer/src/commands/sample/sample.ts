import { setImmediate as turn } from 'node:timers/promises';
import { nextTokenScores } from '@llm101/models';
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { compilePlain } from '../../run/compile-plain.js';
import { encodePrompt } from './encode-prompt.js';
import { loadModel } from '../../run-folder/model-file.js';
import type { Output } from '../../terminal/output.js';
import { runFolder } from '../../run-folder/run-folder.js';
import { sampleTexts } from './sample-texts.js';
import type { SampleSettings } from './settings.js';

/** How many names are drawn at a time: any number of them needs no more memory than these. */
const CHUNK = 256;

/** What {@link sampleCommand} needs besides settings. */
export interface SampleCommandOptions {
  readonly runDir: string;
  readonly output: Output;
}

/** `llm101 sample`: names from a saved model, one a line, until there are enough or nobody reads them. */
export async function sampleCommand(
  settings: SampleSettings,
  { runDir, output }: SampleCommandOptions,
): Promise<void> {
  const { seed, prompt, count, ...options } = settings;
  await startBackend();
  const { model, tokenizer } = loadModel(runFolder(runDir).model);
  const tokens = encodePrompt(prompt, tokenizer);
  const generator = Generator.seeded(seed);
  const rows = Math.min(count, CHUNK);
  const scores = nextTokenScores(model, { rows, compile: compilePlain });
  const unread = new AbortController();
  process.stdout.once('error', () => unread.abort());
  async function* draw(): AsyncGenerator<string[]> {
    for (let drawn = 0; drawn < count && !unread.signal.aborted; drawn += CHUNK) {
      const more = Math.min(CHUNK, count - drawn);
      yield sampleTexts(model, tokenizer, {
        ...options,
        count: more,
        prompt: tokens,
        generator,
        scores,
      });
      await turn(); // here it shows that a reader has gone
    }
  }
  try {
    await output.answerEach(draw(), (texts) => ({ runDir, ...settings, texts }));
  } finally {
    scores.dispose();
  }
}
