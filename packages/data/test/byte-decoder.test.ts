import { describe, expect, it } from 'vitest';
import { DataError } from '../src/index.js';
import { byteDecoder } from '../src/text/byte-decoder.js';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const utf16 = (text: string, littleEndian: boolean): Uint8Array => {
  const view = new DataView(new ArrayBuffer(2 * text.length));
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), littleEndian);
  return new Uint8Array(view.buffer);
};

/** What comes out where the bytes are cut after every `step`. */
function decode(bytes: Uint8Array, step: number): { pieces: string[]; decoded: number } {
  const decoder = byteDecoder('a.txt', bytes);
  const pieces: string[] = [];
  let decoded = 0;
  for (let at = 0; at < bytes.length; at += step) {
    pieces.push(decoder.push(bytes.subarray(at, at + step)));
    decoded += decoder.decoded;
  }
  decoder.end();
  return { pieces, decoded };
}

const text = 'naïve — 안녕, 👩‍🚀\r\n\u{10ffff}\ufeffz';
const encodings: [string, Uint8Array, number][] = [
  ['UTF-8', utf8(text), 0],
  ['UTF-8 with a mark', Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8(text)), 3],
  ['UTF-16LE', Uint8Array.of(0xff, 0xfe, ...utf16(text, true)), 2],
  ['UTF-16BE', Uint8Array.of(0xfe, 0xff, ...utf16(text, false)), 2],
];

describe('bytes in chunks', () => {
  it.each(encodings)('are decoded wherever they are cut: %s', (_name, bytes, mark) => {
    for (let step = 3; step <= bytes.length; step++) {
      const { pieces, decoded } = decode(bytes, step);
      expect(pieces.join(''), `cut after ${step}`).toBe(text);
      expect(decoded).toBe(bytes.length - mark);
      for (const piece of pieces) expect(() => encodeURIComponent(piece)).not.toThrow();
    }
  });
  it.each([
    [Uint8Array.of(...utf8('aé'), 0xff, 0x62, 0x62, 0x62, 0x62), 3],
    [Uint8Array.of(...utf8('abcdé'), 0xe2, 0x82, 0x62, 0x62), 6],
    [Uint8Array.of(...utf8('abcdéé'), 0xf0, 0x9f, 0x91), 8],
    [Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0x80, 0x61), 4],
  ])('name the file and the byte that is none of UTF-8: %o', (bytes, offset) => {
    for (let step = 3; step <= bytes.length; step++) {
      const read = (): unknown => decode(bytes, step);
      expect(read).toThrow(DataError);
      expect(read).toThrow(
        `a.txt: the text must be UTF-8; the byte at offset ${offset} is not; the text is`,
      );
    }
  });
  it.each([
    ['half a pair', '\ud83dab', 2],
    ['the wrong half', 'ab\udc00', 6],
    ['half a pair at the end', 'ab\ud83d', 6],
  ])('name the byte that is none of UTF-16: %s', (_name, broken, offset) => {
    for (const littleEndian of [true, false]) {
      const mark = littleEndian ? [0xff, 0xfe] : [0xfe, 0xff];
      const bytes = Uint8Array.of(...mark, ...utf16(broken, littleEndian));
      for (let step = 3; step <= bytes.length; step++) {
        expect(() => decode(bytes, step)).toThrow(
          `must be UTF-16; the byte at offset ${offset} is`,
        );
      }
    }
  });
  it('are refused where they can be read as UTF-8 and are something else', () => {
    const nuls = new Uint8Array(1000);
    nuls.fill(0x61, 0, 500);
    expect(() => decode(nuls, 1000)).toThrow('it is binary, not a text');
    expect(() => decode(utf16('hello, you\n', true), 100)).toThrow('it is in UTF-16LE');
  });
});
