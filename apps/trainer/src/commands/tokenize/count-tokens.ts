import { countCodePoints, DataError, type TextTokenizer } from '@llm101/data';
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
      for await (const { part, begins, ends } of lineParts(text.pieces('counting'))) {
        if (begins) line++;
        take(part);
        if (!ends) continue;
        add(encoder.end());
        add(end);
        measure('\n');
        show();
      }
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

/** A line, or a part of a long one. */
interface LinePart {
  readonly part: string;
  /** Whether it is the line's first part. */
  readonly begins: boolean;
  /** Whether it is the line's last part. */
  readonly ends: boolean;
}

/** The lines of a text that aren't empty, without their ends; one that goes on in the next piece comes in parts. */
async function* lineParts(
  pieces: Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<LinePart, void, undefined> {
  let isOpen = false;
  let held = ''; // a carriage return, of which the next piece says whether it is a line end
  for await (const piece of pieces) {
    const lines = (held + piece).split('\n');
    const rest = lines.pop() ?? '';
    for (const line of lines) {
      const part = line.endsWith('\r') ? line.slice(0, -1) : line;
      if (isOpen || part !== '') yield { part, begins: !isOpen, ends: true };
      isOpen = false;
    }
    held = rest.endsWith('\r') ? '\r' : '';
    const part = rest.slice(0, rest.length - held.length);
    if (part !== '') yield { part, begins: !isOpen, ends: false };
    isOpen ||= part !== '';
  }
  if (isOpen || held !== '') yield { part: held, begins: !isOpen, ends: true };
}
