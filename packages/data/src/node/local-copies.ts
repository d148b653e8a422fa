import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { DataError } from '../errors.js';
import { sha256 as hash } from '../text/decode-text.js';

/** Downloads by their SHA-256, one file each. It never fails: without it, texts are fetched each time. */
export class DownloadCache {
  readonly #folder: string;

  /** @param folder - default: as the environment variables name it */
  constructor(folder: string = defaultFolder()) {
    this.#folder = folder;
  }

  /** `undefined` when it isn't there or isn't as it was written. */
  read(sha256: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return readIfHashed(this.#path(sha256), sha256);
  }

  /** Writes a temporary file and renames it: no reader sees half a file. */
  async write(sha256: string, bytes: Uint8Array): Promise<void> {
    const path = this.#path(sha256);
    const temporary = `${path}.${randomUUID()}.tmp`;
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(temporary, bytes);
      await rename(temporary, path);
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  #path(sha256: string): string {
    return join(this.#folder, `${sha256}.txt`);
  }
}

function defaultFolder(): string {
  const { LLM101_CACHE_DIR: own, XDG_CACHE_HOME: shared } = process.env;
  if (own) return own;
  // The XDG base directory specification: a relative path counts as none.
  return join(shared && isAbsolute(shared) ? shared : join(home(), '.cache'), 'llm101');
}

/** A user without an entry in the password file and without `HOME`, as in containers, has none. */
function home(): string {
  try {
    return homedir();
  } catch {
    return tmpdir();
  }
}

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
      `LLM101_DATA_DIR must name a folder; there is no ${folder}; make it, or unset the variable`,
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
    `SHA-256 must be ${sha256}; ${wrong.join(', ')}; put the right file into LLM101_DATA_DIR, or unset the variable`,
  );
}

async function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`${path} can't be read (${why}); check its permissions`, {
      cause,
    });
  }
}

/** The file's bytes if it can be read and has that hash, lower-case hex; else `undefined`. */
async function readIfHashed(
  path: string,
  sha256: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const bytes = new Uint8Array(await readFile(path));
    return (await hash(bytes)) === sha256 ? bytes : undefined;
  } catch {
    return undefined;
  }
}
