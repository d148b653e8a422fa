import { openSync, closeSync, readSync, statSync } from 'node:fs';
import type { LoadedText } from '@llm101/data';
import { loadText, textPieces } from '@llm101/data/node';
import type { Output } from '../terminal/output.js';

/** How a text is loaded. */
export interface LoadingOptions {
  /** Shows the progress. */
  readonly output: Output;
  /** Ends the work. */
  readonly signal?: AbortSignal;
}

/** Loads a text as a whole, and shows the progress: a file, a folder, `-`, a data set or a URL. */
export async function loadData(
  data: string,
  { output, ...options }: LoadingOptions & { readonly sha256?: string },
): Promise<LoadedText> {
  if (comesInPieces(data)) return joined(data, { output, ...options });
  const progress = output.progress(`downloading ${data}`);
  try {
    return await loadText(data, {
      ...options,
      onFetch: (url) => output.note(`fetching ${url}`),
      onProgress: progress.update,
    });
  } finally {
    progress.end();
  }
}

/** A text that isn't one file of plain text: standard input, a folder, or what gzip made. */
async function joined(data: string, { output, signal }: LoadingOptions): Promise<LoadedText> {
  const progress = output.progress(`reading ${data}`);
  const pieces = textPieces(data, { onProgress: progress.update, ...(signal && { signal }) });
  try {
    let text = '';
    for await (const piece of pieces) text += piece;
    return { ...pieces.summary(), text };
  } finally {
    progress.end();
    await pieces.close();
  }
}

function comesInPieces(path: string): boolean {
  if (path === '-') return true;
  try {
    const stats = statSync(path);
    return stats.isDirectory() || (stats.isFile() && isGzip(path));
  } catch {
    return false; // a data set, a URL, or no file, which is said by what loads it
  }
}

function isGzip(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const start = new Uint8Array(2);
    readSync(file, start, 0, 2, 0);
    return start[0] === 0x1f && start[1] === 0x8b;
  } finally {
    closeSync(file);
  }
}
