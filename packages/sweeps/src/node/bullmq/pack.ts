import { UserError } from '@llm101/runs';
import { parseJson } from '@llm101/safetensors';
import { bufferOf } from './buffer-of.js';

/** Files of a run folder, by their paths in it. */
export type RunFiles = ReadonlyMap<string, Uint8Array>;

/**
 * What travels of a run folder. Tokens of long texts and the report are made again where they are wanted; a page from another machine isn't
 * opened here.
 */
const TRAVELS =
  /^(?:(?:config|fingerprint|origin|tokenizer)\.json|(?:metrics|samples|statistics)\.jsonl|(?:model|initial)\.safetensors|checkpoints\/step-\d{8,15}\.safetensors)$/;

/** Whether a file of a run folder travels. @param path - in the folder, with `/` */
export const travels = (path: string): boolean => TRAVELS.test(path);

const MAGIC = Buffer.from('llm101p1');
/** Of a header, which has a hundred files of some forty bytes. */
const HEADER_BYTES = 16_384;
const MOST_FILES = 100;

/** Files as one string of bytes: `llm101p1`, the length of a header (32 bits, little-endian), the header as JSON, names and lengths, and the files. */
export function pack(files: RunFiles): Uint8Array {
  const names = [...files].map(([name, { byteLength }]) => [name, byteLength]);
  const header = Buffer.from(JSON.stringify(names));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return Buffer.concat([MAGIC, length, header, ...files.values()]);
}

/** Bytes that {@link pack} makes of files, about. */
export function bytesOf(files: RunFiles): number {
  let bytes = HEADER_BYTES;
  for (const { byteLength } of files.values()) bytes += byteLength;
  return bytes;
}

/**
 * Files that {@link pack} made, as views of it. Nothing is trusted: names are those of a run folder's files, each once, and lengths add up.
 *
 * @throws UserError when it is something else
 */
export function unpack(packed: Uint8Array): RunFiles {
  const bytes = bufferOf(packed);
  const start = MAGIC.length + 4;
  if (bytes.length < start || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw wrong('it begins otherwise');
  }
  const headerBytes = bytes.readUInt32LE(MAGIC.length);
  if (headerBytes > HEADER_BYTES || start + headerBytes > bytes.length) {
    throw wrong('its header is too long');
  }
  let at = start + headerBytes;
  const files = new Map<string, Uint8Array>();
  for (const [name, length] of headerOf(bytes.subarray(start, at).toString('utf8'))) {
    if (!travels(name) || files.has(name)) throw wrong('it has a file that no run folder has');
    if (length > bytes.length - at) throw wrong('it is cut short');
    files.set(name, bytes.subarray(at, at + length));
    at += length;
  }
  if (at !== bytes.length) throw wrong('it has more bytes than its header says');
  return files;
}

function headerOf(text: string): [string, number][] {
  let header: unknown;
  try {
    header = parseJson(text, { depth: 2, values: 3 * MOST_FILES + 1 });
  } catch {
    throw wrong('its header is no JSON');
  }
  if (!Array.isArray(header) || header.length > MOST_FILES || !header.every(isEntry)) {
    throw wrong('its header has no names and lengths');
  }
  return header;
}

const isEntry = (entry: unknown): entry is [string, number] =>
  Array.isArray(entry) &&
  entry.length === 2 &&
  typeof entry[0] === 'string' &&
  Number.isSafeInteger(entry[1]) &&
  entry[1] >= 0;

const wrong = (why: string): UserError =>
  new UserError(`files of a run from a queue are damaged: ${why}`);
