import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { dataSetOf } from '@llm101/data';
import { textPieces } from '@llm101/data/node';
import { resolveSettings, type Settings, UserError } from '@llm101/runs';
import type { FilePlace, FileSetting, QueuedJob } from '@llm101/sweeps/bullmq';
import { writeFileWholeSync } from '@llm101/training/node';

/** Where a worker looks for what jobs name. */
export interface FilePlaces {
  /** `--texts` */
  readonly texts: string | undefined;
  /** `--shared` */
  readonly shared: string | undefined;
  /** The worker's own, for texts of the queue. */
  readonly kept: string;
}

/** Files of `--texts` that are looked at, at most. */
const MOST_FILES = 1000;

/** Finds the files that jobs name. Nothing that a job says becomes a path, but one inside the shared folder. */
export class JobFiles {
  readonly #places: FilePlaces;
  /** By path, length and time of change. */
  readonly #hashes = new Map<string, string>();

  constructor(places: FilePlaces) {
    this.#places = places;
  }

  /**
   * The settings of a job's run, with the files of this machine.
   *
   * @param fromQueue - a text of the queue
   * @throws UserError when one isn't here, or is none that a job may name
   */
  async settingsOf(
    { settings, files }: QueuedJob,
    fromQueue: (sha256: string) => Promise<Uint8Array | undefined>,
  ): Promise<Settings> {
    const found: Partial<Record<FileSetting, string>> = {};
    for (const [key, place] of Object.entries(files) as [FileSetting, FilePlace | undefined][]) {
      if (place !== undefined) found[key] = await this.#find(key, place, fromQueue);
    }
    const named = resolveSettings({ flags: { ...settings, ...found } });
    if (isUrl(named.data) && named.dataSha256 === undefined) {
      throw new UserError('a job of the queue names a text by URL, without its SHA-256');
    }
    return named;
  }

  async #find(
    key: FileSetting,
    place: FilePlace,
    fromQueue: (sha256: string) => Promise<Uint8Array | undefined>,
  ): Promise<string> {
    if ('shared' in place) return this.#inShared(place.shared);
    if (key !== 'data') throw new UserError(`a job of the queue names ${key} outside of --shared`);
    if ('sha256' in place) return this.#text(place.sha256, fromQueue);
    const { name } = place;
    if (dataSetOf(name) !== undefined || isUrl(name)) return name;
    throw new UserError(
      'a job of the queue names a text that is neither a data set nor an address by https',
    );
  }

  #inShared(path: string): string {
    const { shared } = this.#places;
    if (shared === undefined) {
      throw new UserError(`a file of the trial is in a shared folder; pass it by --shared`);
    }
    const wanted = resolve(shared, path);
    const real = existsSync(wanted) ? realpathSync(wanted) : undefined;
    if (real === undefined) {
      throw new UserError(
        `${path} must be in the folder of --shared; is that the same on all machines?`,
      );
    }
    if (!`${real}${sep}`.startsWith(`${realpathSync(shared)}${sep}`)) {
      throw new UserError(`${path} leads out of the shared folder`);
    }
    return wanted;
  }

  /** A text, by its hash: of `--texts`, or of the queue, whose texts are kept. */
  async #text(
    sha256: string,
    fromQueue: (sha256: string) => Promise<Uint8Array | undefined>,
  ): Promise<string> {
    const { texts, kept } = this.#places;
    const own = texts === undefined ? undefined : await this.#inFolder(texts, sha256);
    if (own !== undefined) return own;
    const path = join(kept, `${sha256}.txt`);
    if (existsSync(path)) return path;
    const bytes = await fromQueue(sha256);
    if (bytes === undefined) {
      throw new UserError(
        `the text with SHA-256 ${sha256} isn't here; put it into a folder and name that by --texts`,
      );
    }
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
      throw new UserError(`the text of the queue with SHA-256 ${sha256} has another one`);
    }
    mkdirSync(kept, { recursive: true });
    writeFileWholeSync(path, bytes);
    return path;
  }

  async #inFolder(folder: string, sha256: string): Promise<string | undefined> {
    for (const name of readdirSync(folder).slice(0, MOST_FILES)) {
      const path = join(folder, name);
      const { size, mtimeMs, isFile } = statOf(path);
      if (!isFile) continue;
      const key = `${path} ${size} ${mtimeMs}`;
      const known = this.#hashes.get(key) ?? (await hashOf(path));
      this.#hashes.set(key, known);
      if (known === sha256) return path;
    }
    return undefined;
  }
}

const isUrl = (name: string): boolean => /^https:\/\//i.test(name);

function statOf(path: string): { size: number; mtimeMs: number; isFile: boolean } {
  const stats = statSync(path, { throwIfNoEntry: false });
  const { size = 0, mtimeMs = 0 } = stats ?? {};
  return { size, mtimeMs, isFile: stats?.isFile() === true };
}

/** The SHA-256 of a text, as a sweep names it; none of a file that is no text. */
async function hashOf(path: string): Promise<string> {
  const pieces = textPieces(path);
  try {
    for await (const piece of pieces) void piece;
    return pieces.summary().sha256;
  } catch {
    return '';
  } finally {
    await pieces.close();
  }
}
