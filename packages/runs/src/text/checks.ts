import { DataError, describeAlphabet, describeCharacter } from '@llm101/data';
import type { LoadedText, TextPieces, TextTokenizer, TokenSource } from '@llm101/data';
import { TextError } from '../errors.js';
import type { ExamplesName } from './examples-name.js';

/** How {@link checkCharacters} checks a text. */
export interface CharacterChecks {
  readonly tokenizer: TextTokenizer;
  /** Whether line ends are characters, too. */
  readonly examples: ExamplesName;
  /** What to do about a character that isn't in the alphabet. */
  readonly remedy: string;
}

/**
 * @param first - the number of the text's first line
 * @throws DataError when a text holds a character that the tokenizer doesn't know, naming it and its line
 */
function checkCharacters(
  { name, text }: Pick<LoadedText, 'name' | 'text'>,
  { tokenizer, examples, remedy }: CharacterChecks,
  first: number = 1,
): void {
  const lines = examples === 'lines' ? text.split('\n') : [text];
  for (const [i, line] of lines.entries()) {
    const own = examples === 'lines' && line.endsWith('\r') ? line.slice(0, -1) : line;
    const unknown = tokenizer.firstUnknown(own);
    if (unknown === undefined) continue;
    const { character } = unknown;
    const before = own.slice(0, own.indexOf(character)).split('\n').length - 1;
    throw new TextError(
      `${name}, line ${first + i + before}: every character must be in the alphabet ` +
        `${describeAlphabet(tokenizer.alphabet)}; got ${describeCharacter(character)}; ${remedy}`,
      { keys: ['data', 'alphabet', 'tokenizer', 'tokenizerFile'] },
    );
  }
}

/** UTF-16 code units of a line that is checked as a whole. */
const LONG = 2 ** 20;

/** The same for a text in pieces. */
export async function checkPieces(pieces: TextPieces, checks: CharacterChecks): Promise<void> {
  const { name } = pieces;
  let line = 1;
  let held = ''; // the beginning of a line
  const check = (text: string): void => {
    checkCharacters({ name, text }, checks, line);
    line += text.split('\n').length - 1;
  };
  for await (const piece of pieces) {
    const all = held + piece;
    const end = all.length > LONG ? all.length : all.lastIndexOf('\n') + 1;
    check(all.slice(0, end));
    held = all.slice(end);
  }
  check(held);
}

/** What lines must be, of a text that comes in pieces. */
export class LineChecks {
  readonly #name: string;
  #hasText = false;
  #hasFeed = false;
  #hasReturn = false;

  constructor(name: string) {
    this.#name = name;
  }

  push(text: string): void {
    this.#hasText ||= /[^\r\n]/.test(text);
    this.#hasFeed ||= text.includes('\n');
    this.#hasReturn ||= text.includes('\r');
  }

  /** @throws DataError when there is no line, or lines end as on old Macs */
  end(): void {
    if (!this.#hasText) {
      throw new DataError(`${this.#name} must have at least one line that isn't empty; got none`);
    }
    if (this.#hasReturn && !this.#hasFeed) {
      throw new DataError(
        `${this.#name}: lines must end in a line feed; they end in a carriage return alone; save it with the line endings of Unix`,
      );
    }
  }
}

/** @throws DataError unless tokens hold a block of `contextSize` and what follows it; `where` says which tokens these are */
export function checkBlock(where: string, { length }: TokenSource, contextSize: number): void {
  if (length > contextSize) return;
  throw new TextError(
    `${where} must have at least ${contextSize + 1} tokens, a block of --context-size ${contextSize} and what follows it; ` +
      `it has ${length}; give a longer text or a smaller --context-size`,
    { keys: ['contextSize', 'data', 'valSize'] },
  );
}
