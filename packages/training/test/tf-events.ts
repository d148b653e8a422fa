// Reads event files by the formats' descriptions, not by the code that writes them.
import { crc32c } from '../src/node/tensorboard/tf-record.js';

/** The records of a TFRecord file, each checked against its checksums. */
export function readRecords(file: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    checkCrc(file.subarray(at, at + 8), file.readUInt32LE(at + 8));
    const data = file.subarray(at + 12, at + 12 + length);
    checkCrc(data, file.readUInt32LE(at + 12 + length));
    records.push(data);
    at += 16 + length;
  }
  return records;
}

function checkCrc(bytes: Buffer, masked: number): void {
  const rotated = (masked - 0xa282ead8) >>> 0;
  const crc = ((rotated >>> 17) | (rotated << 15)) >>> 0;
  if (crc !== crc32c(bytes)) throw new Error('the checksum is wrong');
}

/** The fields of a protobuf message. */
export function fieldsOf(bytes: Buffer): Fields {
  const values = new Map<number, (number | Buffer)[]>();
  let at = 0;
  const varint = (): number => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = bytes[at++];
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const wire = tag & 7;
    const sizes: Record<number, () => number> = { 1: () => 8, 2: varint, 5: () => 4 };
    let value: number | Buffer;
    if (wire === 0) value = varint();
    else {
      const size = sizes[wire]();
      value = bytes.subarray(at, at + size);
      at += size;
    }
    values.set(tag >> 3, [...(values.get(tag >> 3) ?? []), value]);
  }
  return new Fields(values);
}

/** A message whose fields are asked for by number and kind. */
class Fields {
  readonly #values: ReadonlyMap<number, readonly (number | Buffer)[]>;

  constructor(values: ReadonlyMap<number, readonly (number | Buffer)[]>) {
    this.#values = values;
  }

  int(field: number): number {
    return Number(this.#values.get(field)?.[0]);
  }
  double(field: number): number {
    return this.#bytes(field)[0].readDoubleLE();
  }
  float(field: number): number {
    return this.#bytes(field)[0].readFloatLE();
  }
  string(field: number): string {
    return this.#bytes(field)[0].toString();
  }
  doubles(field: number): number[] {
    const [bytes] = this.#bytes(field);
    return Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i));
  }
  message(field: number): Fields {
    return this.messages(field)[0];
  }
  messages(field: number): Fields[] {
    return this.#bytes(field).map(fieldsOf);
  }

  #bytes(field: number): Buffer[] {
    const values = this.#values.get(field);
    if (values === undefined) throw new Error(`the message has no field ${field}`);
    return values.filter((value) => typeof value !== 'number');
  }
}
