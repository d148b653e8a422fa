import { createHash, randomInt } from 'node:crypto';
import * as fs from 'node:fs';
import { basename, join } from 'node:path';
import { isCount, isRecord, toJson } from '../json.js';
import { isOwnFolder, readTextWithin, replaceFile } from './files.js';
import { parseFile, wrong, type RunConfig } from './run-record.js';

/** A file of an artifact. */
export interface ArtifactFile {
  /** In the artifact. */
  readonly path: string;
  /** Base64 of its MD5, by which W&B knows files. */
  readonly digest: string;
  readonly size: number;
}

/** A version of an artifact, in `artifacts/N/artifact.json`; its files are beside. */
export interface ArtifactRecord {
  readonly name: string;
  readonly type: string;
  readonly aliases: readonly string[];
  readonly metadata?: RunConfig;
  readonly files: readonly ArtifactFile[];
  /** Of the run at this time. */
  readonly step: number;
  /** By which a client knows the version, and the artifact, before the server has named them. */
  readonly clientId: string;
  readonly sequenceClientId: string;
}

/** What is logged as an artifact. */
export interface ArtifactOptions {
  readonly name: string;
  /** Such as `model` or `dataset`. */
  readonly type: string;
  /** Paths of its files, which keep their names. */
  readonly files: readonly string[];
  /** Default: `latest`. */
  readonly aliases?: readonly string[];
  readonly metadata?: RunConfig;
}

/** Files of one artifact. */
const MOST_FILES = 100;

/** Bytes of artifact.json. */
const MOST_BYTES = 1_000_000;

/** Letters, digits and `-_.`, as W&B has it. */
const NAME = /^[\w.-]{1,128}$/;

/**
 * Copies an artifact's files into a run's folder: they may be written anew before they are sent.
 *
 * @throws RangeError when a name is wrong
 * @throws Error when a file can't be read, or its copy can't be written
 */
export function keepArtifact(
  folder: string,
  step: number,
  { name, type, files, aliases = ['latest'], metadata }: ArtifactOptions,
): ArtifactRecord {
  if (!NAME.test(name) || !NAME.test(type)) {
    throw new RangeError(
      `logArtifact: name and type must be 1 to 128 letters, digits, '-', '_' or '.'; got '${name}', '${type}'`,
    );
  }
  if (files.length === 0 || files.length > MOST_FILES) {
    throw new RangeError(
      `logArtifact: there must be 1 to ${MOST_FILES} files; got ${files.length}`,
    );
  }
  const place = join(folder, 'artifacts', String(artifactCount(folder)));
  fs.mkdirSync(place, { recursive: true });
  const kept = files.map((path) => {
    const copy = join(place, basename(path));
    if (fs.existsSync(copy) || basename(path) === RECORD) {
      throw new RangeError(
        `logArtifact: files must have names of their own; got ${basename(path)}`,
      );
    }
    fs.copyFileSync(path, copy, fs.constants.COPYFILE_FICLONE);
    return { path: basename(path), digest: md5Of(copy), size: fs.statSync(copy).size };
  });
  const record: ArtifactRecord = {
    name,
    type,
    aliases,
    ...(metadata && { metadata }),
    files: kept,
    step,
    clientId: newClientId(),
    sequenceClientId: newClientId(),
  };
  replaceFile(join(place, RECORD), `${toJson(record, 2)}\n`);
  return record;
}

const RECORD = 'artifact.json';

/** How many artifacts a run's folder has. */
export function artifactCount(folder: string): number {
  let count = 0;
  while (fs.existsSync(join(folder, 'artifacts', String(count), RECORD))) count++;
  return count;
}

/** Where a file of the artifact of that number is. */
export const artifactPath = (folder: string, number: number, file: string): string =>
  join(folder, 'artifacts', String(number), file);

/** @throws RunRecordError when the file isn't what {@link ArtifactRecord} says */
export function readArtifact(folder: string, number: number): ArtifactRecord {
  const where = `artifacts/${number}/${RECORD}`;
  for (const place of ['artifacts', `artifacts/${number}`]) {
    if (!isOwnFolder(join(folder, place))) throw wrong(where, place, 'a folder, and no link');
  }
  const text = readTextWithin(join(folder, where), MOST_BYTES);
  const { name, type, aliases, metadata, files, step, ...ids } = parseFile(where, text);
  const { clientId, sequenceClientId } = ids;
  if (!isText(name) || !isText(type)) throw wrong(where, 'name', 'a string');
  if (!isText(clientId) || !isText(sequenceClientId)) throw wrong(where, 'clientId', 'a string');
  if (!Array.isArray(aliases) || !aliases.every(isText))
    throw wrong(where, 'aliases', 'a list of strings');
  if (!isCount(step)) throw wrong(where, 'step', 'a whole number');
  if (!Array.isArray(files) || files.length > MOST_FILES || !files.every(isArtifactFile))
    throw wrong(where, 'files', 'a list of path, digest and size');
  for (const { path } of files) {
    if (!fs.lstatSync(artifactPath(folder, number, path)).isFile())
      throw wrong(where, path, 'a file, and no link');
  }
  return {
    name,
    type,
    aliases,
    ...(isRecord(metadata) && { metadata }),
    files,
    step,
    clientId,
    sequenceClientId,
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** A name alone: a path would lead out of the folder. */
function isArtifactFile(file: unknown): file is ArtifactFile {
  const { path, digest, size } = isRecord(file) ? file : {};
  return (
    typeof path === 'string' &&
    path === basename(path) &&
    !/^\.{0,2}$|\\/.test(path) &&
    typeof digest === 'string' &&
    isCount(size)
  );
}

/** Base64; in parts, as models may be large. */
function md5Of(path: string): string {
  const hash = createHash('md5');
  const part = new Uint8Array(1 << 20);
  const file = fs.openSync(path, 'r');
  try {
    for (let count = fs.readSync(file, part); count > 0; count = fs.readSync(file, part))
      hash.update(part.subarray(0, count));
  } finally {
    fs.closeSync(file);
  }
  return hash.digest('base64');
}

/** 128 of 36 letters and digits. They have no part in a run's randomness. */
function newClientId(): string {
  return Array.from({ length: 128 }, () => randomInt(36).toString(36)).join('');
}

/** What an artifact's version is known by: MD5 of the names and digests of its files, in the order of the names. */
export function manifestDigest(files: readonly ArtifactFile[]): string {
  const hash = createHash('md5').update('wandb-artifact-manifest-v1\n');
  const ordered = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, digest } of ordered) hash.update(`${path}:${digest}\n`);
  return hash.digest('hex');
}
