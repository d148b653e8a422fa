import type { GivenFile } from '../run-requests.js';

/** Takes files that someone gave the page: a text, or a run. What is done with them is loaded when the first come. */
export async function takeFiles(files: readonly GivenFile[]): Promise<void> {
  await (await import('./take-files.js')).takeFiles(files);
}
