import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../data-error.js';
import { sha256 as hash } from '../sha-256.js';

/**
 * A data set that someone has put under one of its names into the folder `LLM101_DATA_DIR`.
 *
 * @throws DataError when there is no such folder, or its files of these names are others or can't be read
 */
export async function findInDataFolder(
  fileNames: readonly string[],
  sha256: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const folder = process.env['LLM101_DATA_DIR'];
  if (!folder || fileNames.length === 0) return undefined;
  if (!existsSync(folder)) {
    throw new DataError(
      `loadText: LLM101_DATA_DIR must name a folder; there is no ${folder}; make it, or unset the variable`,
    );
  }
  const paths = fileNames
    .map((fileName) => join(folder, fileName))
    .filter((path) => existsSync(path));
  const wrong: string[] = [];
  for (const path of paths) {
    const bytes = await read(path);
    const got = await hash(bytes);
    if (got === sha256) return bytes;
    wrong.push(`${path} has ${got}`);
  }
  if (wrong.length === 0) return undefined;
  throw new DataError(
    `loadText: SHA-256 must be ${sha256}; ${wrong.join(', ')}; put the right file into LLM101_DATA_DIR, or unset the variable`,
  );
}

async function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`loadText: ${path} can't be read (${why}); check its permissions`, {
      cause,
    });
  }
}
