import type { CharTokenizer } from '@llm101/data';
import { nameCharacter } from '../../terminal/name-character.js';
import { UserError } from '../../settings/user-error.js';

/**
 * @param flag - where the prompt was written
 * @throws UserError when it has a character that the model doesn't know
 */
export function encodePrompt(
  prompt: string,
  tokenizer: CharTokenizer,
  flag = '--prompt',
): Int32Array {
  const { alphabet } = tokenizer;
  const unknown = Array.from(prompt).find((character) => !alphabet.includes(character));
  if (unknown !== undefined) {
    throw new UserError(
      `${flag} must be made of characters that the model knows, ${alphabet}; ` +
        `got ${nameCharacter(unknown)} in '${prompt}'; take it out, or train a model on a text that has it`,
    );
  }
  return tokenizer.encode(prompt);
}
