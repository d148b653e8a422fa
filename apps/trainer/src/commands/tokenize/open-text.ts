import { textPieces } from '@llm101/data/node';
import type { Output } from '../../terminal/output.js';

/** A text that can be read several times. */
export interface OpenText {
  readonly name: string;
  /** Its pieces, from the beginning; shows the progress under a label. */
  pieces(label: string): Iterable<string> | AsyncIterable<string>;
  /** Lets go of what is kept to read it again. */
  close(): Promise<void>;
}

/** A file, a folder, `-` for standard input, a URL or a data set. */
export function openText(data: string, output: Output): OpenText {
  let onProgress: ((received: number, total: number | undefined) => void) | undefined;
  const pieces = textPieces(data, {
    onProgress: (received, total) => onProgress?.(received, total),
    onFetch: (url) => output.note(`fetching ${url}`),
  });
  return {
    name: data === '-' ? 'standard input' : data,
    async *pieces(label) {
      const progress = output.progress(`${label} ${data}`);
      onProgress = progress.update;
      try {
        yield* pieces;
      } finally {
        progress.end();
      }
    },
    close: () => pieces.close(),
  };
}
