import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DataError } from '../data-error.js';
import { dataSets } from '../data-sets.js';

/** @throws DataError when there is no such file, it is a folder, or it can't be read */
export async function readFileBytes(source: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(source));
  } catch (cause) {
    throw new DataError(explain(source, cause), { cause });
  }
}

function explain(source: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const path = resolve(source);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `loadText: '${source}' is neither a data set (${[...dataSets.keys()].join(', ')}) nor a file; there is no ${path}; check the path`;
    case 'EISDIR':
      return `loadText: '${source}' must be a file; ${path} is a folder; name a file in it`;
    default:
      return `loadText: ${path} can't be read (${error instanceof Error ? error.message : String(error)}); check its permissions`;
  }
}
