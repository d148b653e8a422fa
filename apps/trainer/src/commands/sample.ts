import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { encodePrompt } from '../encode-prompt.js';
import { loadModel } from '../model-file.js';
import { print } from '../print.js';
import { runFolder } from '../run-folder.js';
import { sampleTexts } from '../sample-texts.js';
import type { SampleSettings } from '../sample-settings.js';

/** `llm101 sample`: names from a saved model, one a line. */
export async function sampleCommand(runDir: string, settings: SampleSettings): Promise<void> {
  const { seed, prompt, ...options } = settings;
  await startBackend();
  const { model, tokenizer } = loadModel(runFolder(runDir).model);
  print(
    ...sampleTexts(model, tokenizer, {
      ...options,
      prompt: encodePrompt(prompt, tokenizer),
      generator: Generator.seeded(seed),
    }),
  );
}
