import { countCodePoints, DataError, linesOf, type TextTokenizer } from '@llm101/data';
import { type ExamplesName, UserError } from '@llm101/runs';
import type { OpenText } from './open-text.js';

/** How long a text is, in several measures. Lines count with their ends. */
export interface Counts {
  readonly characters: number;
  readonly bytes: number;
  readonly tokens: number;
  /** Different tokens among them. */
  readonly used: number;
  readonly vocabSize: number;
  /** The text's first lines, or the beginning of the stream. */
  readonly beginning: readonly string[];
}

/** Lines, or characters of a stream, that are shown. */
const [LINES, CHARACTERS] = [10, 400];

/** UTF-16 code units that these are looked for in. */
const UNITS = 2 * CHARACTERS;

/** How {@link countTokens} reads a text. */
export interface CountOptions {
  readonly tokenizer: TextTokenizer;
  readonly examples: ExamplesName;
}

/**
 * Counts the tokens of a text, as lines with an end each, or as one stream.
 *
 * @throws UserError when it has a character that the tokenizer doesn't know, or no token
 */
export async function countTokens(
  text: OpenText,
  { tokenizer, examples }: CountOptions,
): Promise<Counts> {
  const { vocabSize } = tokenizer;
  const seen = new Uint8Array(vocabSize);
  const beginning: string[] = [];
  let [characters, bytes, tokens, line] = [0, 0, 0, 0];
  const add = (some: ArrayLike<number>): void => {
    for (let i = 0; i < some.length; i++) seen[some[i]] = 1;
    tokens += some.length;
  };
  const measure = (part: string): void => {
    const size = Buffer.byteLength(part);
    bytes += size;
    characters += size === part.length ? size : countCodePoints(part);
  };
  try {
    const encoder = tokenizer.pieces();
    const end = tokenizer.paddingIndex === undefined ? [] : [tokenizer.paddingIndex];
    let first = ''; // of a line, or of the stream
    const take = (part: string): void => {
      add(encoder.push(part));
      measure(part);
      if (beginning.length < LINES) first += part.slice(0, UNITS + 1 - first.length);
    };
    const show = (): void => {
      if (beginning.length < LINES) beginning.push(firstCharacters(first));
      first = '';
    };
    if (examples === 'lines') {
      let isOpen = false; // a line that isn't empty
      const lines = linesOf({
        push(part) {
          if (part === '') return;
          if (!isOpen) line++;
          isOpen = true;
          take(part);
        },
        end() {
          if (!isOpen) return;
          isOpen = false;
          add(encoder.end());
          add(end);
          measure('\n');
          show();
        },
      });
      for await (const piece of text.pieces('counting')) lines.push(piece);
      lines.end();
    } else {
      for await (const piece of text.pieces('counting')) take(piece);
      add(encoder.end());
      show();
    }
  } catch (cause) {
    if (!(cause instanceof DataError) || cause.message.startsWith(text.name)) throw cause;
    const where = line > 0 ? `, line ${line} of those that aren't empty` : '';
    throw new UserError(`${text.name}${where}: ${cause.message}`, { cause });
  }
  if (tokens === 0) throw new UserError(`${text.name} must have a token; it is empty`);
  const used = seen.reduce((sum, isSeen) => sum + isSeen, 0);
  return { characters, bytes, tokens, used, vocabSize, beginning };
}

/** Whole characters as a reader sees them: a part of one may be none that a tokenizer knows. */
function firstCharacters(text: string): string {
  const isCut = text.length > UNITS;
  const known = isCut ? text.replace(/[\ud800-\udbff]$/, '') : text;
  const characters = Array.from(new Intl.Segmenter('en').segment(known), ({ segment }) => segment);
  if (isCut) characters.pop();
  return characters.slice(0, CHARACTERS).join('');
}
