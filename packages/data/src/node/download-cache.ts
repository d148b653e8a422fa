import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { readIfHashed } from './read-if-hashed.js';

/** Downloads by their SHA-256, one file each. It never fails: without it, texts are fetched each time. */
export class DownloadCache {
  readonly #folder: string;

  /** @param folder - unless given, as the environment says */
  constructor(folder: string = defaultFolder()) {
    this.#folder = folder;
  }

  /** `undefined` when it isn't there or isn't as it was written. */
  read(sha256: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return readIfHashed(this.#path(sha256), sha256);
  }

  /** Writes beside the place, then renames: no reader sees half a file. */
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
