import { DataError, excerpt } from '../errors.js';
import { type CharacterRules, graphemes, normalizing } from './characters.js';
import type { LineEnds } from './tokenizer.js';

/** What {@link alphabetFit} looks for. */
export interface AlphabetRules extends Partial<CharacterRules> {
  readonly lineEnds: LineEnds;
  /** Symbols that must not be characters of the text. */
  readonly reserved: readonly string[];
}

/** The characters of a text that comes in pieces, sorted by code point. */
export function alphabetFit(rules: AlphabetRules): { push(text: string): void; end(): string[] } {
  const { characters = 'codePoints', normalize = 'none', lineEnds, reserved } = rules;
  const composed = normalizing(normalize);
  const units = graphemes();
  const found = new Set<string>();
  const seen = new Uint8Array(0x10000); // the code points up to U+FFFF that were found
  const clash = new Clash(reserved);
  let held = ''; // a carriage return, of which the next piece says whether it is a line end
  function take(text: string): void {
    clash.look(text);
    if (characters === 'graphemes') for (const unit of units.push(text)) found.add(unit);
    else addCodePoints(text, seen, found);
  }
  function push(text: string): void {
    if (lineEnds === 'characters' || characters === 'graphemes') return take(text);
    const all = held + text;
    held = all.endsWith('\r') ? '\r' : '';
    take(all.slice(0, all.length - held.length).replaceAll('\r\n', '\n'));
  }
  return {
    push: (text) => push(composed.push(text)),
    end() {
      push(composed.end());
      take(held);
      for (const unit of units.end()) found.add(unit);
      for (const [code, isSeen] of seen.entries())
        if (isSeen) found.add(String.fromCodePoint(code));
      if (lineEnds === 'separate') {
        found.delete('\n');
        found.delete('\r\n');
      }
      if (found.size === 0) {
        throw new DataError('CharTokenizer.fromText: the text must have characters; got none');
      }
      clash.check(found);
      return [...found].sort(byCodePoint);
    },
  };
}

/** Adds the code points of a text: to a set those above U+FFFF. */
function addCodePoints(text: string, seen: Uint8Array, above: Set<string>): void {
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i) ?? 0;
    if (code <= 0xffff) seen[code] = 1;
    else {
      above.add(String.fromCodePoint(code));
      i++;
    }
  }
}

/** Where a text has a symbol that it must not have. */
class Clash {
  readonly #symbols: readonly string[];
  #line = 1;
  #place: { readonly symbol: string; readonly where: string } | undefined;

  constructor(symbols: readonly string[]) {
    this.#symbols = symbols;
  }

  look(text: string): void {
    if (this.#place !== undefined || this.#symbols.length === 0) return;
    const symbol = this.#symbols.find((one) => text.includes(one));
    if (symbol === undefined) {
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#line++;
      return;
    }
    const lines = text.split('\n');
    const i = lines.findIndex((line) => line.includes(symbol));
    this.#place = { symbol, where: `line ${this.#line + i} is ${excerpt(lines[i])}` };
  }

  /** @throws DataError where one of the symbols is among the characters */
  check(characters: ReadonlySet<string>): void {
    const symbol = this.#symbols.find((one) => characters.has(one));
    if (symbol === undefined) return;
    const where = this.#place?.symbol === symbol ? `${this.#place.where}; ` : '';
    throw new DataError(
      `CharTokenizer.fromText: the text must not hold the padding symbol '${symbol}'; ` +
        `${where}choose another by the option padding, or leave it out`,
    );
  }
}

/** By the first code point in which they differ; UTF-16 would sort surrogates before what is above them. */
function byCodePoint(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  // Within a pair of surrogates both have the same first half, and the second decides as well.
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1);
}
