import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@llm101/runs';
import { parseJson } from '@llm101/safetensors';
import { z } from 'zod';
import { bufferOf } from './buffer-of.js';
import { bytesOf, pack, type RunFiles, unpack } from './pack.js';

/** Bytes of a run's files that go through Redis. */
export const QUEUED_BYTES = 64 * 2 ** 20;
/** Of a run so far, a checkpoint among it, that is kept there while it is trained. */
export const STATE_BYTES = 32 * 2 ** 20;
/** Bytes of a run's files that go through a shared folder. */
const SHARED_BYTES = 2 ** 31 - 1;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Files are more than the way between home and a worker takes. */
export class TooLargeError extends UserError {
  constructor(bytes: number, most: number) {
    super(
      `its files have ${megabytes(bytes)}, and at most ${megabytes(most)} go through a queue; pass a folder that home and workers share by --shared`,
    );
  }
}

/** How files of runs travel: within Redis, or in a folder of which Redis has the names. What {@link FileStore.put} returns stands for them there. */
export interface FileStore {
  /** @throws TooLargeError */
  put(files: RunFiles, most: number): Uint8Array;
  /** @throws UserError when it stands for nothing that is there */
  get(bytes: Uint8Array): RunFiles;
  /** Deletes what isn't in Redis itself. */
  remove(bytes: Uint8Array): void;
}

/** Within the shared folder. */
const FOLDER = 'llm101-queue';
const INLINE = 0;
const SHARED = 1;

/** @param shared - a folder that home and workers have */
export function fileStore(shared: string | undefined): FileStore {
  const folder = shared === undefined ? undefined : join(shared, FOLDER);
  return {
    put(files, most) {
      const bytes = bytesOf(files);
      const limit = folder === undefined ? most : SHARED_BYTES;
      if (bytes > limit) throw new TooLargeError(bytes, limit);
      const packed = pack(files);
      if (folder === undefined) return Buffer.concat([Buffer.from([INLINE]), packed]);
      return Buffer.concat([Buffer.from([SHARED]), Buffer.from(writeShared(folder, packed))]);
    },
    get(bytes) {
      const content = bytes.subarray(1);
      if (bytes[0] === INLINE) return unpack(content);
      return unpack(readShared(folder, bytes));
    },
    remove(bytes) {
      const reference = bytes[0] === SHARED ? referenceOf(bytes) : undefined;
      if (folder === undefined || reference === undefined) return;
      rmSync(join(folder, reference.file), { force: true });
    },
  };
}

const reference = z.strictObject({
  file: z.string().regex(/^[0-9a-f-]{36}\.pack$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

function referenceOf(bytes: Uint8Array): z.output<typeof reference> | undefined {
  if (bytes[0] !== SHARED || bytes.length > 1000) return undefined;
  try {
    return reference.safeParse(parseJson(bufferOf(bytes.subarray(1)).toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

/** @returns what Redis keeps of it */
function writeShared(folder: string, packed: Uint8Array): string {
  mkdirSync(folder, { recursive: true });
  const file = `${randomUUID()}.pack`;
  const beside = join(folder, `${file}.part`);
  writeFileSync(beside, packed, { flush: true });
  renameSync(beside, join(folder, file));
  return JSON.stringify({ file, sha256: createHash('sha256').update(packed).digest('hex') });
}

function readShared(folder: string | undefined, bytes: Uint8Array): Buffer {
  const found = referenceOf(bytes);
  if (found === undefined) throw new UserError('files of a run from a queue are damaged');
  if (folder === undefined) {
    throw new UserError(
      'files of a run are in a shared folder; pass it by --shared, as the others do',
    );
  }
  const path = join(folder, found.file);
  const name = `${FOLDER}/${found.file}`; // the same on all machines
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined || size > SHARED_BYTES) {
    throw new UserError(
      `${name} must be in the folder of --shared, as a run goes on from it; is that the same on all machines?`,
    );
  }
  const packed = readFileSync(path);
  if (createHash('sha256').update(packed).digest('hex') === found.sha256) return packed;
  throw new UserError(`${name} of --shared is damaged: it hasn't the SHA-256 that the queue says`);
}
