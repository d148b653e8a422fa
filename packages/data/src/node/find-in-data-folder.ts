import { join } from 'node:path';
import { readIfHashed } from './read-if-hashed.js';

/** A data set that someone has put under one of its names into the folder `LLM101_DATA_DIR`. */
export async function findInDataFolder(
  fileNames: readonly string[],
  sha256: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const folder = process.env['LLM101_DATA_DIR'];
  if (!folder) return undefined;
  for (const fileName of fileNames) {
    const bytes = await readIfHashed(join(folder, fileName), sha256);
    if (bytes !== undefined) return bytes;
  }
  return undefined;
}
