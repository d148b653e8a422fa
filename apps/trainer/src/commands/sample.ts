import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { encodePrompt } from '../encode-prompt.js';
import { loadModel } from '../model-file.js';
import type { Output } from '../output.js';
import { runFolder } from '../run-folder.js';
import { sampleTexts } from '../sample-texts.js';
import type { SampleSettings } from '../sample-settings.js';

/** What {@link sampleCommand} needs besides settings. */
export interface SampleCommandOptions {
  readonly runDir: string;
  readonly output: Output;
}

/** `llm101 sample`: names from a saved model, one a line. */
export async function sampleCommand(
  settings: SampleSettings,
  { runDir, output }: SampleCommandOptions,
): Promise<void> {
  const { seed, prompt, ...options } = settings;
  await startBackend();
  const { model, tokenizer } = loadModel(runFolder(runDir).model);
  const texts = sampleTexts(model, tokenizer, {
    ...options,
    prompt: encodePrompt(prompt, tokenizer),
    generator: Generator.seeded(seed),
  });
  output.answer(texts, { runDir, ...settings, texts });
}
