import { checkLayout } from './check-layout.js';
import { findDuplicateKey } from './find-duplicate-key.js';
import { isObject } from './is-object.js';
import { MAX_HEADER_BYTES, METADATA_KEY, PREFIX_BYTES } from './limits.js';
import { parseMetadata } from './parse-metadata.js';
import { parseTensorInfo } from './parse-tensor-info.js';
import { record } from './record.js';
import { SafetensorsError } from './safetensors-error.js';
import { show } from './show.js';
import type { TensorInfo } from './tensor-info.js';

/** All that a file says before its numbers begin. */
export interface SafetensorsHeader {
  /** What is said of each tensor, by name. */
  readonly tensors: Record<string, TensorInfo>;
  /** Texts by name; none where the file has none. */
  readonly metadata: Record<string, string>;
  /** The length of the whole file in bytes. */
  readonly fileBytes: number;
}

/**
 * Reads what a file contains without its numbers. The first bytes of a file will do, as long as they hold the
 * header: 8 bytes, and as many more as these say.
 *
 * Source of the rules: "Format" in the README of huggingface/safetensors.
 *
 * @param bytes - a file, or its beginning
 * @throws SafetensorsError when the header is incomplete or breaks a rule of the format
 * @throws TypeError when `bytes` isn't a `Uint8Array`
 */
export function readHeader(bytes: Uint8Array): SafetensorsHeader {
  if (!(bytes instanceof Uint8Array)) {
    throw new TypeError(
      'readHeader: bytes must be a Uint8Array; wrap an ArrayBuffer as new Uint8Array(buffer)',
    );
  }
  const dataStart = PREFIX_BYTES + headerLength(bytes);
  const entries = Object.entries(parseJson(headerText(bytes, dataStart)));
  const metadata = entries.find(([name]) => name === METADATA_KEY)?.[1] ?? {};
  const tensors = entries
    .filter(([name]) => name !== METADATA_KEY)
    .map(([name, entry]) => [name, parseTensorInfo(name, entry, dataStart)] as const);
  return {
    tensors: record(tensors),
    metadata: parseMetadata(metadata),
    fileBytes: checkLayout(tensors, dataStart),
  };
}

function headerLength(bytes: Uint8Array): number {
  if (bytes.length < PREFIX_BYTES) {
    throw new SafetensorsError(
      `a file has at least ${PREFIX_BYTES} bytes; got ${bytes.length}; the file is truncated, write it again`,
    );
  }
  const prefix = new DataView(bytes.buffer, bytes.byteOffset, PREFIX_BYTES);
  const length = prefix.getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) {
    throw new SafetensorsError(
      `the header may have ${MAX_HEADER_BYTES} bytes; the first 8 bytes say ${length}; is this a safetensors file?`,
    );
  }
  const end = PREFIX_BYTES + Number(length);
  if (end > bytes.length) {
    throw new SafetensorsError(
      `the header ends at byte ${end} but the file has ${bytes.length} bytes; the file is truncated, write it again`,
    );
  }
  return Number(length);
}

function headerText(bytes: Uint8Array, end: number): string {
  // a copy, because browsers don't decode shared memory
  const header = new Uint8Array(bytes.subarray(PREFIX_BYTES, end));
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
  } catch (cause) {
    throw new SafetensorsError('the header is not UTF-8; is this a safetensors file?', { cause });
  }
  if (!text.startsWith('{')) {
    const found = text === '' ? 'no header' : show(text.slice(0, 1));
    throw new SafetensorsError(
      `the header must begin with "{"; got ${found}; is this a safetensors file?`,
    );
  }
  return text;
}

function parseJson(text: string): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SafetensorsError(`the header is not JSON (${reason}); write the file again`, {
      cause,
    });
  }
  const duplicate = findDuplicateKey(text);
  if (duplicate !== undefined) {
    throw new SafetensorsError(
      `the header holds the key ${show(duplicate)} twice in one object; write the file again`,
    );
  }
  if (!isObject(header)) throw new SafetensorsError('the header must be a JSON object');
  return header;
}
