import { type CharTokenizer, DataError, type LoadedText } from '@llm101/data';
import { nameCharacter } from '../terminal/name-character.js';

/** What {@link checkLines} looks at. */
export interface LinesToCheck {
  readonly loaded: LoadedText;
  readonly lines: readonly string[];
  readonly tokenizer: CharTokenizer;
  /** What to do about a character that isn't in the alphabet. */
  readonly remedy: string;
}

/** @throws DataError when there is no line, or one holds a character that the tokenizer doesn't know, naming it */
export function checkLines({ loaded, lines, tokenizer, remedy }: LinesToCheck): void {
  const { name, text } = loaded;
  if (lines.length === 0) {
    throw new DataError(`${name} must have at least one line that isn't empty; got none`);
  }
  if (text.includes('\r') && !text.includes('\n')) {
    throw new DataError(
      `${name}: lines must end in a line feed; they end in a carriage return alone; save it with the line ends of Unix`,
    );
  }
  const known = new Set(tokenizer.alphabet);
  for (const line of lines) {
    const unknown = Array.from(line).find((character) => !known.has(character));
    if (unknown === undefined) continue;
    const number = text.split(/\r?\n/).indexOf(line) + 1;
    throw new DataError(
      `${name}, line ${number}: every character must be in the alphabet ${tokenizer.alphabet}; ` +
        `got ${nameCharacter(unknown)}; ${remedy}`,
    );
  }
}
