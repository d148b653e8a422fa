import { createHash } from 'node:crypto';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Generator, randint } from '@llm101/random';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  BlockDataset,
  CharTokenizer,
  DataError,
  DataLoader,
  encodeText,
  type TextTokenizer,
  tokensInMemory,
  type TokenSource,
} from '../src/index.js';
import { encodeToFile, openTokenFile, textPieces } from '../src/node/index.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llm101-tokens-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const all = (tokens: TokenSource): Int32Array => {
  const into = new Int32Array(tokens.length);
  tokens.copy(0, tokens.length, into, 0);
  return into;
};
/** A text of words that aren't all alike, with `characters` different ones. */
function textOf(length: number, characters: number): string {
  const codes = randint(Generator.seeded(1), length, { high: characters });
  let text = '';
  for (const code of codes) text += String.fromCharCode(0x4e00 + code);
  return text;
}
async function encoded(text: string, tokenizer: TextTokenizer) {
  const path = join(folder, 'text.txt');
  writeFileSync(path, text);
  return encodeToFile(join(folder, 'text.tokens'), textPieces(path), tokenizer);
}
const errorOf = async (opening: Promise<unknown>): Promise<string> => {
  const error = await opening.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(DataError);
  return String(error);
};

describe('a token file', () => {
  it.each([
    [200, 1],
    [300, 2],
    [20_000, 2],
  ])(
    'of %d characters has the tokens that memory has, %d bytes each',
    async (characters, width) => {
      const text = textOf(50_000, characters);
      const tokenizer = CharTokenizer.fromText(text, { lineEnds: 'characters' });
      const { tokens, ...sizes } = await encoded(text, tokenizer);
      const memory = await encodeText(text, tokenizer);
      expect(sizes).toEqual({ characters: memory.characters, bytes: memory.bytes });
      expect(readFileSync(tokens.file).length).toBe(176 + width * 50_000);
      expect(tokens.hash()).toBe(memory.tokens.hash());
      expect(tokens.slice(777, 40_001).hash()).toBe(memory.tokens.slice(777, 40_001).hash());
      const expected = tokenizer.encode(text);
      expect(all(tokens)).toEqual(expected);
      for (const at of randint(Generator.seeded(2), 200, { high: 49_000 })) {
        const into = new Float64Array(1000);
        tokens.slice(10, 50_000).copy(at - 10 < 0 ? 0 : at - 10, 990, into, 5);
        const first = Math.max(at, 10);
        expect([...into.subarray(5, 995)]).toEqual([...expected.subarray(first, first + 990)]);
      }
      tokens.close();
    },
  );
  it('has 4 bytes a token where the vocabulary asks for them', async () => {
    const large: TextTokenizer = {
      vocabSize: 70_000,
      paddingIndex: undefined,
      padding: undefined,
      alphabet: '',
      encode: (text) => Int32Array.from(text, (c) => 69_990 + Number(c)),
      decode: () => '',
      split: (text) => Array.from(text),
      bytesOf: () => Uint8Array.of(0x30),
      firstUnknown: () => undefined,
      pieces: () => ({ push: (text) => large.encode(text), end: () => new Int32Array() }),
      decoder: () => ({ push: () => '', end: () => '' }),
      toJSON: () => ({ type: 'digits' }),
    };
    const { tokens } = await encoded('0123', large);
    expect([...all(tokens)]).toEqual([69_990, 69_991, 69_992, 69_993]);
    expect(readFileSync(tokens.file).length).toBe(176 + 16);
    tokens.close();
    const { tokens: again } = await openTokenFile(tokens.file, { tokenizer: large });
    expect([...all(again)]).toEqual([69_990, 69_991, 69_992, 69_993]);
    again.close();
  });
  it('is opened again, and gives the same batches', async () => {
    const text = textOf(9000, 90);
    const tokenizer = CharTokenizer.fromText(text, { lineEnds: 'characters' });
    const written = await encoded(text, tokenizer);
    written.tokens.close();
    const sha256 = createHash('sha256').update(text).digest('hex');
    const opened = await openTokenFile(written.tokens.file, { sha256, tokenizer });
    expect(opened).toMatchObject({ characters: 9000, bytes: 27_000 });
    expect(opened.tokens.sha256).toBe(sha256);
    const batches = (tokens: TokenSource): number[][] =>
      Array.from(
        new DataLoader(new BlockDataset(tokens, { contextSize: 64, stride: 64 }), {
          batchSize: 12,
          shuffle: true,
          generator: Generator.seeded(3),
        }),
        ({ inputs, targets }) => [...inputs, ...targets],
      );
    expect(batches(opened.tokens)).toEqual(batches(tokensInMemory(tokenizer.encode(text))));
    opened.tokens.close();
    expect(() => opened.tokens.slice(0, 5).copy(0, 1, new Int32Array(1), 0)).toThrow(
      'it is closed',
    );
    opened.tokens.close();
  });
  it('is not written where the text fails', async () => {
    const tokenizer = CharTokenizer.fromAlphabet('ab', { padding: false });
    await expect(encoded('abc', tokenizer)).rejects.toThrow("'c' (U+0063)");
    expect(readdirSync(folder)).toEqual(['text.txt']);
    const nowhere = encodeToFile(join(folder, 'no', 'x'), textPieces('names'), tokenizer);
    expect(await errorOf(nowhere)).toContain("can't be written");
  });
});

describe('a token file from elsewhere', () => {
  const tokenizer = CharTokenizer.fromAlphabet('abc', { padding: false });
  let file = '';
  let whole = Buffer.alloc(0);
  beforeEach(async () => {
    const { tokens } = await encoded('abcabcab', tokenizer);
    tokens.close();
    file = tokens.file;
    whole = readFileSync(file);
  });
  /** The file with some bytes altered, its hashes made to fit. */
  function altered(change: (bytes: Buffer) => void): void {
    const bytes = Buffer.from(whole);
    change(bytes);
    bytes.write(createHash('sha256').update(bytes.subarray(176)).digest('hex'), 112, 'hex');
    bytes.write(createHash('sha256').update(bytes.subarray(0, 144)).digest('hex'), 144, 'hex');
    writeFileSync(file, bytes);
  }

  it('must be of the text and the tokenizer that are asked for', async () => {
    expect(await errorOf(openTokenFile(file, { sha256: '0'.repeat(64) }))).toContain(
      `${file}: the tokens must be of the text 000`,
    );
    const other = CharTokenizer.fromAlphabet('abd', { padding: false });
    expect(await errorOf(openTokenFile(file, { tokenizer: other }))).toContain(
      'they are of another',
    );
  });
  it('is refused wherever a byte is altered', async () => {
    for (let at = 0; at < whole.length; at++) {
      const bytes = Buffer.from(whole);
      bytes[at] ^= 1;
      writeFileSync(file, bytes);
      expect(await errorOf(openTokenFile(file)), `byte ${at}`).toContain('must be a token file');
    }
  });
  it('is refused where it is cut short or goes on', async () => {
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(file, whole.subarray(0, length));
      expect(await errorOf(openTokenFile(file)), `${length} bytes`).toContain(
        'must be a token file',
      );
    }
    writeFileSync(file, Buffer.concat([whole, Buffer.of(0)]));
    expect(await errorOf(openTokenFile(file))).toContain('it has 185 bytes in all');
  });
  it.each<[string, (bytes: Buffer) => void, string]>([
    [
      'an id that is none',
      (bytes) => (bytes[180] = 3),
      'ids: tokens must be from 0 to 2, below vocabSize; got 3',
    ],
    ['another width', (bytes) => bytes.writeUInt32LE(2, 12), 'a vocabulary of 3 asks for; got 2'],
    ['no vocabulary', (bytes) => bytes.writeUInt32LE(0, 16), 'a vocabulary of 0 asks for'],
    ['a newer version', (bytes) => bytes.writeUInt32LE(2, 8), 'its version must be 1; got 2'],
    ['too many', (bytes) => bytes.writeBigUInt64LE(2n ** 63n, 24), 'its counts are too large'],
    ['more than there are', (bytes) => bytes.writeBigUInt64LE(9n, 24), 'it must have 9 ids'],
  ])('is refused with %s, whatever its hashes say', async (_what, change, why) => {
    altered(change);
    expect(await errorOf(openTokenFile(file))).toContain(why);
  });
  it('is refused where it changes while it is used', async () => {
    const { tokens } = await openTokenFile(file);
    truncateSync(file, 178);
    expect(() => all(tokens)).toThrow('the file changed while it was used; it lacks 6 bytes');
    writeFileSync(file, whole.fill(9, 176));
    expect(() => all(tokens)).toThrow(
      'the file changed while it was used; ids: tokens must be from 0',
    );
    tokens.close();
  });
  it('must be a file', async () => {
    expect(await errorOf(openTokenFile(join(folder, 'none')))).toContain("can't be read");
    expect(await errorOf(openTokenFile(folder))).toContain('must be a token file');
  });
});
