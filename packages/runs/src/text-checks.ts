import { DataError, describeAlphabet, describeCharacter } from '@llm101/data';
import type { LoadedText, TextTokenizer, TokenSource } from '@llm101/data';

/** What {@link checkLines} checks. */
export interface LinesToCheck {
  readonly lines: readonly string[];
  readonly tokenizer: TextTokenizer;
  /** What to do about a character that isn't in the alphabet. */
  readonly remedy: string;
}

/** @throws DataError when there is no line, or one holds a character that the tokenizer doesn't know, naming it */
export function checkLines(loaded: LoadedText, { lines, tokenizer, remedy }: LinesToCheck): void {
  checkLineEnds(loaded, lines);
  for (const [i, line] of lines.entries()) {
    const unknown = tokenizer.firstUnknown(line);
    if (unknown === undefined) continue;
    throw new DataError(
      `${loaded.name}, line ${numberOf(i, loaded.text)}: every character must be in the alphabet ` +
        `${describeAlphabet(tokenizer.alphabet)}; got ${describeCharacter(unknown.character)}; ${remedy}`,
    );
  }
}

/** @throws DataError when a text holds a character that the tokenizer doesn't know, naming it */
export function checkStream(
  { name, text }: Pick<LoadedText, 'name' | 'text'>,
  { tokenizer, remedy, line: first = 1 }: Omit<LinesToCheck, 'lines'> & { readonly line?: number },
): void {
  const unknown = tokenizer.firstUnknown(text);
  if (unknown === undefined) return;
  const before = text.slice(0, text.indexOf(unknown.character)).split('\n');
  const line = first + before.length - 1;
  throw new DataError(
    `${name}, line ${line}: every character must be in the alphabet ${describeAlphabet(tokenizer.alphabet)}; ` +
      `got ${describeCharacter(unknown.character)}; ${remedy}`,
  );
}

/** The number in the text of a line that isn't empty, by how many such lines are before it. */
function numberOf(index: number, text: string): number {
  let found = -1;
  return text.split(/\r?\n/).findIndex((line) => line !== '' && ++found === index) + 1;
}

/** @throws DataError when there is no line, or lines end as on old Macs */
export function checkLineEnds({ name, text }: LoadedText, lines: readonly string[]): void {
  if (lines.length === 0) {
    throw new DataError(`${name} must have at least one line that isn't empty; got none`);
  }
  if (text.includes('\r') && !text.includes('\n')) {
    throw new DataError(
      `${name}: lines must end in a line feed; they end in a carriage return alone; save it with the line endings of Unix`,
    );
  }
}

/** @throws DataError unless tokens hold a block of `contextSize` and what follows it; `where` says which tokens these are */
export function checkBlock(where: string, { length }: TokenSource, contextSize: number): void {
  if (length > contextSize) return;
  throw new DataError(
    `${where} must have at least ${contextSize + 1} tokens, a block of --context-size ${contextSize} and what follows it; ` +
      `it has ${length}; give a longer text or a smaller --context-size`,
  );
}
