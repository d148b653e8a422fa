import { decidedSettings, type Settings } from '@llm101/runs';
import { pytorchOf, textFacts, typescriptOf } from '@llm101/runs/code';
import { loadAndSplit } from '../../run-folder/data.js';
import type { Initial } from '../../run-folder/initial.js';
import type { Output } from '../../terminal/output.js';

/** What a program is written in. */
export type Language = 'typescript' | 'pytorch';

/** What {@link codeCommand} needs besides settings. */
export interface CodeOptions {
  readonly language: Language;
  readonly initial: Initial | undefined;
  /** The file that names the text, where one does. */
  readonly config: string | undefined;
  readonly output: Output;
}

/** `llm101 code`: the program that trains what `llm101 train` trains, for the text that it has now. */
export async function codeCommand(
  settings: Settings,
  { language, initial, config, output }: CodeOptions,
): Promise<void> {
  const data = await loadAndSplit(settings, { config, initial, output });
  const decided = decidedSettings(settings, data);
  const write = { typescript: typescriptOf, pytorch: pytorchOf }[language];
  const program = write(decided, textFacts(data));
  output.answer(program.trimEnd().split('\n'), { language, program });
}
