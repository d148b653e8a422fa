/** What to do about a file that can't become a text. */
const NO_TEXT = 'give a text, or take it out of its folder';

/** Bytes that begin files which are no plain text, and what to do about them. */
const SIGNATURES: readonly (readonly [what: string, bytes: readonly number[], remedy: string])[] = [
  ['compressed by gzip', [0x1f, 0x8b], 'unpack it first, by gunzip'],
  [
    'a ZIP archive, or a document in one',
    [0x50, 0x4b, 0x03, 0x04],
    'unpack it, or save it as plain text',
  ],
  ['compressed by bzip2', [0x42, 0x5a, 0x68], 'unpack it first, by bunzip2'],
  ['compressed by xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a], 'unpack it first, by unxz'],
  ['compressed by Zstandard', [0x28, 0xb5, 0x2f, 0xfd], 'unpack it first, by unzstd'],
  ['a PDF', [0x25, 0x50, 0x44, 0x46, 0x2d], 'save it as plain text, by pdftotext'],
  ['a PNG picture', [0x89, 0x50, 0x4e, 0x47], NO_TEXT],
  ['a JPEG picture', [0xff, 0xd8, 0xff], NO_TEXT],
  ['a program', [0x7f, 0x45, 0x4c, 0x46], NO_TEXT],
  ['an SQLite database', [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66], 'export its texts'],
];

/** How a text in UTF-16 orders its bytes, and how many are before it. */
export interface Utf16 {
  readonly littleEndian: boolean;
  /** Bytes of the mark. */
  readonly mark: number;
}

/** UTF-16 where a byte order mark says so: that is no guess. */
export function utf16Of(bytes: Uint8Array): Utf16 | undefined {
  if (utf32Of(bytes) !== undefined) return undefined;
  if (startsWith(bytes, [0xff, 0xfe])) return { littleEndian: true, mark: 2 };
  return startsWith(bytes, [0xfe, 0xff]) ? { littleEndian: false, mark: 2 } : undefined;
}

/**
 * What bytes are that aren't text in UTF-8, or only by chance, and how they become it; `undefined` where nothing speaks
 * against text.
 *
 * @param isUtf8 - whether they can be read as UTF-8
 */
export function describeOther(
  bytes: Uint8Array,
  isUtf8: boolean,
): { readonly what: string; readonly remedy: string } | undefined {
  const wide = utf32Of(bytes);
  if (wide !== undefined) return encoded(wide);
  const known = isUtf8
    ? undefined // "BZh" or "%PDF-" may begin a text
    : SIGNATURES.find(([, signature]) => startsWith(bytes, signature));
  if (known !== undefined) return { what: known[0], remedy: known[2] };
  const sample = bytes.subarray(0, SAMPLE);
  const nuls = [0, 0, 0, 0];
  let controls = 0;
  for (const [i, byte] of sample.entries()) {
    if (byte === 0) nuls[i % 4]++;
    else if (byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b) controls++;
  }
  const quarter = sample.length / 4;
  const many = nuls.map((n) => n > 0.8 * quarter);
  if (!many[0] && many[1] && many[2] && many[3]) return encoded('UTF-32LE');
  if (many[0] && many[1] && many[2] && !many[3]) return encoded('UTF-32BE');
  const [even, odd] = [nuls[0] + nuls[2], nuls[1] + nuls[3]];
  // Latin letters have a byte of 0 each; of other scripts line ends and spaces have.
  if (!isUtf8 || even + odd > sample.length / 6) {
    if (looksLikeUtf16(sample, true)) return encoded('UTF-16LE');
    if (looksLikeUtf16(sample, false)) return encoded('UTF-16BE');
  }
  if (even + odd > sample.length / 10 || (!isUtf8 && even + odd + controls > 0)) {
    return { what: 'binary, not a text', remedy: NO_TEXT };
  }
  return isUtf8 ? undefined : describeEightBit(bytes);
}

/** What bytes are that can't be read as UTF-8, the first of them at `offset`. */
export function describeInvalid(
  bytes: Uint8Array,
  offset: number,
): { readonly what: string; readonly remedy: string } {
  const rest = bytes.subarray(offset);
  const isLead = rest[0] >= 0xc2 && rest[0] <= 0xf4;
  if (isLead && rest.length <= 3 && rest.subarray(1).every((byte) => (byte & 0xc0) === 0x80)) {
    return { what: 'cut short within a character', remedy: 'load it whole, or take its end out' };
  }
  if (bytes.subarray(0, offset).some((byte) => byte >= 0x80)) {
    return { what: 'UTF-8 up to there and damaged or in two encodings', remedy: 'mend it there' };
  }
  return describeOther(bytes, false) ?? describeEightBit(bytes);
}

/** Bytes that are looked at to guess. */
const SAMPLE = 65_536;

/** Whether these are units of UTF-16 with line ends or spaces among them, and without control characters. */
function looksLikeUtf16(bytes: Uint8Array, littleEndian: boolean): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let breaks = 0;
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    const unit = view.getUint16(i, littleEndian);
    if (unit === 0x0a || unit === 0x20) breaks++;
    else if ((unit < 0x20 && unit !== 0x09 && unit !== 0x0d) || unit >= 0xfffe) return false;
  }
  return breaks > 0;
}

function utf32Of(bytes: Uint8Array): string | undefined {
  if (startsWith(bytes, [0xff, 0xfe, 0, 0])) return 'UTF-32LE';
  return startsWith(bytes, [0, 0, 0xfe, 0xff]) ? 'UTF-32BE' : undefined;
}

/** Bytes above 0x7F stand alone in the languages of Western Europe, and side by side in other scripts. */
function describeEightBit(bytes: Uint8Array): { what: string; remedy: string } {
  let [alone, beside] = [0, 0];
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] < 0x80) continue;
    if ((bytes[i - 1] ?? 0) < 0x80 && (bytes[i + 1] ?? 0) < 0x80) alone++;
    else beside++;
  }
  return alone >= beside
    ? {
        what: 'probably in Windows-1252 or Latin-1',
        remedy: 'save it as UTF-8, or convert it by iconv -f WINDOWS-1252 -t UTF-8',
      }
    : {
        what: 'probably in an older encoding of its language, such as Windows-1251, Shift_JIS, GB18030, Big5 or EUC-KR',
        remedy:
          'save it as UTF-8, or convert it by iconv -f GB18030 -t UTF-8, with the encoding that it has',
      };
}

function encoded(name: string): { what: string; remedy: string } {
  return {
    what: `in ${name}`,
    remedy: `save it as UTF-8, or convert it by iconv -f ${name} -t UTF-8`,
  };
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return bytes.length >= start.length && start.every((byte, i) => bytes[i] === byte);
}
