import { readFile } from 'node:fs/promises';
import { sha256 } from '../sha-256.js';

/** The file's bytes if it can be read and has that hash, lower-case hex; else `undefined`. */
export async function readIfHashed(
  path: string,
  hash: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const bytes = new Uint8Array(await readFile(path));
    return (await sha256(bytes)) === hash ? bytes : undefined;
  } catch {
    return undefined;
  }
}
