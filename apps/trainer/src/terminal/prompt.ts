import { describeAlphabet, describeCharacter, type TextTokenizer } from '@llm101/data';
import { UserError } from '@llm101/runs';

/**
 * The tokens of a prompt.
 *
 * @param flag - the flag that it was written with
 * @throws UserError when it has a character that the model doesn't know
 */
export function encodePrompt(
  prompt: string,
  tokenizer: TextTokenizer,
  flag = '--prompt',
): Int32Array {
  const { alphabet } = tokenizer;
  const unknown = tokenizer.firstUnknown(prompt);
  if (unknown !== undefined) {
    throw new UserError(
      `${flag} must be made of characters that the model knows, ${describeAlphabet(alphabet)}; ` +
        `got ${describeCharacter(unknown.character)} in '${prompt}'; take it out, or train a model on a text that has it`,
    );
  }
  return tokenizer.encode(prompt);
}
