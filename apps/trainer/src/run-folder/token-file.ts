import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { encodeText } from '@llm101/data';
import type { TextPieces, TextTokenizer, TokenizerFit } from '@llm101/data';
import { encodeToFile, openTokenFile, textPieces } from '@llm101/data/node';
import { lineEndsOf, tokenizeText } from '@llm101/runs';
import type { TokenizedText, TokenizeOptions } from '@llm101/runs';
import { writeFileWholeSync } from '@llm101/training/node';
import { describeFileError } from '../terminal/errors.js';
import type { Output } from '../terminal/output.js';
import type { LoadingOptions } from './load-data.js';
import type { RunFolder } from './paths.js';
import { readTokenizer } from './tokenizer-file.js';

/** Characters of a text whose tokens are kept in a file; those of a shorter one are in memory. */
const LONG_TEXT = 250_000_000;

/** The same of lines, which are in a file only until they are in the order of the split, in memory. */
const LONG_LINES = 32_000_000;

/** Where the tokens of a text are written. */
export interface TokenPlace {
  readonly path: string;
  /** Whether those of a short text are, too. */
  readonly isForAll: boolean;
}

/** How {@link readTokens} reads a text. */
export interface ReadOptions extends LoadingOptions, Omit<TokenizeOptions, 'encode' | 'onFitted'> {
  /** SHA-256 that a text must have that has no path. */
  readonly sha256?: string;
  /** Where those of a stream are. Default: a temporary file for a long text. */
  readonly tokenPlace?: TokenPlace | undefined;
}

/**
 * Reads a text as tokens, of its lines or of one stream, piece by piece, and shows the progress: a file, a folder, `-`, a data set or a
 * URL.
 */
export async function readTokens(
  source: string,
  tokenizer: TextTokenizer | TokenizerFit,
  { output, signal, sha256, tokenPlace, ...options }: ReadOptions,
): Promise<TokenizedText> {
  const stage = 'push' in tokenizer ? 'reading' : 'encoding';
  let progress = output.progress(`${stage} ${source}`);
  const pieces = textPieces(source, {
    ...(signal && { signal }),
    ...(sha256 !== undefined && { sha256 }),
    onFetch: (url) => output.note(`fetching ${url}`),
    onProgress: (done, total) => progress.update(done, total),
  });
  const encode = (text: TextPieces, by: TextTokenizer) => {
    const lineEnds = lineEndsOf(options.examples);
    const how = { lineEnds, ...(signal && { signal }) };
    const place = lineEnds === 'separate' ? undefined : tokenPlace;
    const isLong = lengthOf(text) > (lineEnds === 'separate' ? LONG_LINES : LONG_TEXT);
    if (!isLong && place?.isForAll !== true) return encodeText(text, by, how);
    return encodeToFile(place?.path ?? temporaryFile(), text, by, how);
  };
  try {
    return await tokenizeText(pieces, tokenizer, {
      ...options,
      encode,
      onFitted() {
        progress.end();
        progress = output.progress(`encoding ${source}`);
      },
    });
  } finally {
    progress.end();
    await pieces.close();
  }
}

/** Characters of a text that was read once; of another the bytes of its file, none where it is none. */
function lengthOf(pieces: TextPieces): number {
  try {
    return pieces.summary().characters;
  } catch {
    return statSync(pieces.name, { throwIfNoEntry: false })?.size ?? 0;
  }
}

/** A file that is removed when the program ends. */
function temporaryFile(): string {
  const path = join(tmpdir(), `llm101-${randomUUID()}.tokens`);
  removeAtExit(path);
  return path;
}

/** Files that are removed when the program ends: those of many runs where it does trials. */
const removed = new Set<string>();

function removeAtExit(path: string): void {
  if (removed.size === 0) process.once('exit', removeAll);
  removed.add(path);
}

function removeAll(): void {
  for (const path of removed) {
    try {
      rmSync(path, { force: true });
    } catch {
      // what can't be removed can't be said any more
    }
  }
}

/**
 * Where the tokens of a new run are written before it has its folder: in a folder that exists, so that they can be moved. What is
 * left there is removed when the program ends.
 */
export function tokenPlaceFor({ path }: RunFolder, isForAll: boolean): TokenPlace {
  let parent = dirname(resolve(path));
  while (!existsSync(parent)) parent = dirname(parent);
  const file = join(parent, `.llm101-${randomUUID()}.tokens`);
  removeAtExit(file);
  return { path: file, isForAll };
}

/** Moves tokens that were written to a file into the run's folder, and saves their tokenizer beside them. */
export function keepTokenFile(
  { path }: TokenPlace,
  folder: RunFolder,
  tokenizer: TextTokenizer,
): void {
  if (!existsSync(path)) return;
  renameSync(path, folder.tokens);
  writeFileWholeSync(folder.tokenizer, `${JSON.stringify(tokenizer)}\n`);
}

/**
 * The text of a run by its token file.
 *
 * @returns nothing where there is none, or it isn't that of the run's text, which is noted
 */
export async function openTokensOfRun(
  { tokens: path, tokenizer: tokenizerPath }: RunFolder,
  { data: name, dataSha256 }: { readonly data: string; readonly dataSha256?: string | undefined },
  { output, signal }: { readonly output: Output; readonly signal?: AbortSignal },
): Promise<TokenizedText | undefined> {
  if (!existsSync(path) || dataSha256 === undefined) return undefined;
  try {
    const tokenizer = readTokenizer(tokenizerPath, { examples: 'blocks' });
    const options = { sha256: dataSha256, tokenizer, ...(signal && { signal }) };
    const { tokens, characters } = await openTokenFile(path, options);
    return { loaded: { name, characters, sha256: dataSha256 }, tokenizer, tokens, hints: [] };
  } catch (error) {
    if (signal?.aborted === true) throw error;
    output.note(`${describeFileError(error)}; the text is read again`);
    return undefined;
  }
}
