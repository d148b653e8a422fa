import type { LoadedText } from '@llm101/data';
import { loadText } from '@llm101/data/node';
import type { Output } from '../terminal/output.js';

/** How a text is loaded. */
export interface LoadingOptions {
  /** Shows the progress of a download. */
  readonly output: Output;
  /** Ends a download. */
  readonly signal?: AbortSignal;
}

/** Loads a text, and shows the progress of a download. */
export async function loadData(
  data: string,
  { output, ...options }: LoadingOptions & { readonly sha256?: string },
): Promise<LoadedText> {
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
