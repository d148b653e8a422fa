import { DataError, encodeText } from '@llm101/data';
import type {
  EncodedText,
  LoadedText,
  TextPieces,
  TextTokenizer,
  TokenizerFit,
  TokenSource,
} from '@llm101/data';
import { checkPieces, LineChecks } from './checks.js';
import { lineEndsOf } from './examples-name.js';
import { type HintSettings, hintsOn } from './hints.js';
import type { TokenizerSettings } from './tokenizers.js';

/** What is known of a text. */
export type TextInfo = Pick<LoadedText, 'name' | 'characters' | 'sha256'>;

/** A text as tokens, in memory or in a file: those of its lines, each after padding, or of one stream. */
export interface TokenizedText {
  readonly loaded: TextInfo;
  readonly tokenizer: TextTokenizer;
  readonly tokens: TokenSource;
  /** What would make more of the text, a line each; for people. */
  readonly hints: readonly string[];
}

/** How {@link tokenizeText} works. */
export interface TokenizeOptions extends HintSettings, Pick<TokenizerSettings, 'tokenizerFile'> {
  /** Encodes the text, lines where examples are lines. Default: `encodeText`, into memory. */
  readonly encode?: (pieces: TextPieces, tokenizer: TextTokenizer) => Promise<EncodedText>;
  /** Called between two ways through the text. */
  readonly onFitted?: () => void;
  /** What to do about a character that isn't in the alphabet. Default: to take it out, or another tokenizer. */
  readonly remedy?: string;
}

/**
 * A text in tokens, of lines or of one stream. It is read once, or twice where the tokenizer is made from it, and is never in memory as
 * a whole.
 *
 * @param tokenizer - or what makes it, as `tokenizerFor` gives it
 * @throws DataError when the text can't be read, has no lines where it must, or has a character that the alphabet lacks
 */
export async function tokenizeText(
  pieces: TextPieces,
  tokenizer: TextTokenizer | TokenizerFit,
  { encode, onFitted, ...options }: TokenizeOptions,
): Promise<TokenizedText> {
  const { examples, remedy = remedyFor(options) } = options;
  const lineEnds = lineEndsOf(examples);
  const checks = new LineChecks(pieces.name);
  let first = ''; // the beginning of the text, for hints
  const look = (piece: string): void => {
    if (examples === 'lines') checks.push(piece);
    if (first.length < LOOKED_AT) first += piece;
  };
  const check = (): void => {
    if (examples === 'lines') checks.end();
  };
  let made: TextTokenizer;
  let text = pieces;
  if ('push' in tokenizer) {
    for await (const piece of pieces) {
      look(piece);
      tokenizer.push(piece);
    }
    check();
    made = tokenizer.end();
    onFitted?.();
  } else {
    made = tokenizer;
    text = looking(pieces, look);
  }
  const encoding = encode?.(text, made) ?? encodeText(text, made, { lineEnds });
  const { tokens } = await encoding.catch(async (cause: unknown) => {
    if (cause instanceof DataError)
      await checkPieces(pieces, { tokenizer: made, examples, remedy });
    throw cause;
  });
  check();
  const { name, characters, sha256 } = pieces.summary();
  const hints = hintsOn(first, options);
  return { loaded: { name, characters, sha256 }, tokenizer: made, tokens, hints };
}

/** UTF-16 code units that hints are given by. */
const LOOKED_AT = 2 ** 18;

const remedyFor = ({ tokenizerFile }: TokenizeOptions): string =>
  `take it out, or ${tokenizerFile === undefined ? 'pass --alphabet auto' : 'name a --tokenizer-file that has it'}`;

/** A text whose pieces are looked at as they are read. */
function looking(pieces: TextPieces, look: (piece: string) => void): TextPieces {
  return {
    name: pieces.name,
    async *[Symbol.asyncIterator]() {
      for await (const piece of pieces) {
        look(piece);
        yield piece;
      }
    },
    summary: () => pieces.summary(),
    close: () => pieces.close(),
  };
}
