import { crc32c } from './crc-32c.js';

/**
 * A record of a TFRecord file: its length as uint64, that length's checksum, the data, the data's checksum; all little
 * endian.
 *
 * Source: tensorflow.org/tutorials/load_data/tfrecord, "TFRecords format details".
 */
export function tfRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(16 + data.length);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc(data), true);
  return record;
}

/** Turned and shifted, as data that hold checksums of themselves have weak checksums. */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
