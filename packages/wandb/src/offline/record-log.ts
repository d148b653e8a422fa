import { Buffer } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { GrowingFile } from '../spool/files.js';

/** `:W&B`, 0xBEE1 and the version, 0. */
const HEADER = Uint8Array.of(0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0);

const BLOCK_BYTES = 32_768;
const PART_HEADER_BYTES = 7;

/** Where a part stands in its record. */
const PART = { whole: 1, first: 2, middle: 3, last: 4 } as const;

/**
 * A file of records as LevelDB's logs have them: blocks of 32 KiB, of parts with CRC-32, length and kind; a record that
 * doesn't fit a block continues in the next. The file's header counts to the first block.
 *
 * Source: leveldb/doc/log_format.md; W&B's files have zlib's CRC-32 of kind and content in place of a masked CRC-32C.
 */
export class RecordLog {
  readonly #file: GrowingFile;

  /** @throws Error when the file can't be written */
  constructor(path: string) {
    this.#file = new GrowingFile(path, HEADER);
  }

  /** @throws Error when the record can't be written whole */
  append(record: Uint8Array): void {
    const pieces: Uint8Array[] = [];
    let at = this.#file.length % BLOCK_BYTES;
    let done = 0;
    do {
      if (BLOCK_BYTES - at < PART_HEADER_BYTES) {
        pieces.push(new Uint8Array(BLOCK_BYTES - at)); // no part fits in
        at = 0;
      }
      const length = Math.min(record.length - done, BLOCK_BYTES - at - PART_HEADER_BYTES);
      const isFirst = done === 0;
      const isLast = done + length === record.length;
      const kind = isLast ? (isFirst ? PART.whole : PART.last) : isFirst ? PART.first : PART.middle;
      pieces.push(part(kind, record.subarray(done, done + length)));
      done += length;
      at = (at + PART_HEADER_BYTES + length) % BLOCK_BYTES;
    } while (done < record.length);
    this.#file.append(Buffer.concat(pieces));
  }

  close(): void {
    this.#file.close();
  }
}

function part(kind: number, content: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(PART_HEADER_BYTES + content.length);
  bytes.set(content, PART_HEADER_BYTES);
  bytes[PART_HEADER_BYTES - 1] = kind; // for the sum it stands before the content
  bytes.writeUInt32LE(crc32(bytes.subarray(PART_HEADER_BYTES - 1)), 0);
  bytes.writeUInt16LE(content.length, 4);
  return bytes;
}
