import { checkLittleEndian } from './checks.js';
import { SafetensorsError, show } from './error.js';
import { readHeader, record } from './header.js';
import { ARRAY_TYPES, type TensorData, type TensorInfo } from './types.js';

/** What a file contains. The objects inherit nothing, so a missing name gives `undefined`, whatever it is. */
export interface SafetensorsFile {
  /** The tensors by name. */
  readonly tensors: Record<string, TensorData>;
  /** Texts by name; none where the file has none. */
  readonly metadata: Record<string, string>;
}

/**
 * Reads a safetensors file.
 *
 * The tensors are views of `bytes`, not copies, wherever their elements are aligned in memory (all of them, when
 * `writeSafetensors` wrote the file and `bytes` begins at the start of its buffer): change one and the other
 * changes too.
 *
 * @param bytes - the whole file
 * @throws SafetensorsError when the file is truncated or breaks a rule of the format
 * @throws TypeError when `bytes` isn't a `Uint8Array`
 */
export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
  checkLittleEndian('readSafetensors');
  const { tensors, metadata, fileBytes } = readHeader(bytes);
  const entries = Object.entries(tensors);
  for (const [name, { end }] of entries) {
    if (end > bytes.length) {
      throw new SafetensorsError(
        `tensor ${show(name)} ends at byte ${end} but the file has ${bytes.length} bytes; the file is truncated, write it again`,
      );
    }
  }
  if (fileBytes !== bytes.length) {
    throw new SafetensorsError(
      `the tensors end at byte ${fileBytes} but the file has ${bytes.length} bytes; cut off what follows or write it again`,
    );
  }
  return {
    tensors: record(entries.map(([name, info]) => [name, view(bytes, info)])),
    metadata,
  };
}

function view(bytes: Uint8Array, { dtype, shape, begin, end }: TensorInfo): TensorData {
  const ArrayType = ARRAY_TYPES[dtype];
  const size = ArrayType.BYTES_PER_ELEMENT;
  const isAligned = (bytes.byteOffset + begin) % size === 0;
  const memory = isAligned
    ? bytes.subarray(begin, end)
    : new Uint8Array(bytes.subarray(begin, end));
  const data = new ArrayType(memory.buffer, memory.byteOffset, (end - begin) / size);
  // TypeScript doesn't see that type and array come from the same row of ARRAY_TYPES
  return { dtype, shape, data } as TensorData;
}
