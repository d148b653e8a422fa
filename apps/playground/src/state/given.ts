/** What came of files that someone gave the page; what is done with them is loaded when the first come. */
import { signal } from '@preact/signals';
import type { GivenFile } from '../run-requests.js';

/** What became of the files that came last: a sentence, or that they are being read. */
export const given = signal<
  { readonly kind: 'reading' | 'done' | 'problem'; readonly message: string } | undefined
>(undefined);

/** Takes files that someone gave the page: a text, or a run. */
export async function takeFiles(files: readonly GivenFile[]): Promise<void> {
  await (await import('../incoming/take-files.js')).takeFiles(files);
}
