import { describeAlphabet, describeCharacter, type TextTokenizer } from '@llm101/data';
import { UserError } from '@llm101/runs';

/** Characters of a prompt that an error shows on each side of one that is wrong. */
const AROUND = 30;

/**
 * The tokens of a prompt.
 *
 * @param flag - the flag that it was written with, which an error names
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
    const { character } = unknown;
    const at = prompt.indexOf(character);
    const around = prompt.slice(Math.max(0, at - AROUND), at + character.length + AROUND);
    const remedy = /^\r?\n$/.test(character)
      ? 'the model knows no line breaks: give one line, or train with --examples blocks on a text that has them'
      : 'take it out, or train a model on a text that has it';
    throw new UserError(
      `${flag} must be made of characters that the model knows, ${describeAlphabet(alphabet)}; ` +
        `got ${describeCharacter(character)} in '${around}'; ${remedy}`,
    );
  }
  return tokenizer.encode(prompt);
}
