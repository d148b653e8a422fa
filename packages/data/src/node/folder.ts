import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { count, DataError } from '../errors.js';
import { tryTo } from './system.js';

/** A file in a folder. */
export interface FolderFile {
  /** Where it is. */
  readonly file: string;
  /** Its path in the folder, with `/`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** What a folder may hold. */
const MOST_FILES = 1_000_000;
const MOST_DEPTH = 64;

/**
 * The files of a folder and of the folders in it, but for those whose name begins with a dot, sorted as people do: `chapter 9` before
 * `chapter 10`.
 *
 * @param extensions - those that are taken, such as `.txt`, also where `.gz` follows; `undefined` for all
 * @throws DataError when there is none, one is a link, a pipe or a device, or there are too many
 */
export function filesOf(
  folder: string,
  extensions: readonly string[] | undefined,
): readonly FolderFile[] {
  const endings = extensions?.map((one) => `.${one.replace(/^\./, '')}`.toLowerCase());
  const files: FolderFile[] = [];
  walk(folder, '', 0);
  if (files.length > 0) return files;
  const kinds = endings === undefined ? '' : ` that ends in ${endings.join(', ')}`;
  throw new DataError(
    `${folder}: the folder must hold a text; it has no file${kinds}; those that begin with a dot don't count`,
  );

  function walk(at: string, path: string, depth: number): void {
    if (depth > MOST_DEPTH) {
      throw new DataError(`${at}: folders may be ${MOST_DEPTH} deep; take a folder in it`);
    }
    const all = tryTo(at, 'read', () => readdirSync(at, { withFileTypes: true }));
    const entries = all.filter(({ name }) => !name.startsWith('.'));
    for (const entry of entries.toSorted((a, b) => naturally(a.name, b.name))) {
      const file = join(at, entry.name);
      const inside = `${path}${entry.name}`;
      if (entry.isDirectory()) walk(file, `${inside}/`, depth + 1);
      else if (endings === undefined || isOf(entry.name, endings)) add(entry, file, inside);
    }
  }

  function add(entry: Dirent, file: string, path: string): void {
    if (!entry.isFile()) {
      const what = entry.isSymbolicLink() ? 'a link' : 'a pipe or a device';
      throw new DataError(
        `${file}: a folder of texts may hold files and folders; this is ${what}; put the file itself there, or take it out`,
      );
    }
    if (files.length === MOST_FILES) {
      throw new DataError(
        `${folder}: a folder may hold ${count(MOST_FILES)} files; this one holds more; join some`,
      );
    }
    files.push({ file, path, size: sizeOf(file) });
  }
}

function isOf(name: string, endings: readonly string[]): boolean {
  const plain = name.toLowerCase().replace(/\.gz$/, '');
  return endings.some((ending) => plain.endsWith(ending));
}

/** For progress alone: a file that is gone by now is an error once it is opened. */
function sizeOf(file: string): number {
  return lstatSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The order of names with numbers in them as numbers; the same on every machine. */
export function naturally(a: string, b: string): number {
  const [x, y] = [a.split(/(\d+)/), b.split(/(\d+)/)];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const isNumber = i % 2 === 1;
    const [p, q] = isNumber
      ? [x[i], y[i]].map((digits) => digits.replace(/^0+/, ''))
      : [x[i], y[i]];
    if (p === q) continue;
    if (isNumber && p.length !== q.length) return p.length - q.length;
    return p < q ? -1 : 1;
  }
  if (x.length !== y.length) return x.length - y.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
