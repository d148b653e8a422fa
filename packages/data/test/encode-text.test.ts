import { describe, expect, it } from 'vitest';
import {
  CharTokenizer,
  DataError,
  encodeText,
  splitText,
  textSize,
  type TokenSource,
  tokensInMemory,
} from '../src/index.js';
import { memorySink } from '../src/tokens/token-source.js';

const text = 'To be, or not: née\r\n👩‍🚀 sein\n';
const tokenizer = CharTokenizer.fromText(text, { lineEnds: 'characters' });
const all = (tokens: TokenSource): Int32Array => {
  const into = new Int32Array(tokens.length);
  tokens.copy(0, tokens.length, into, 0);
  return into;
};

describe('encodeText', () => {
  it('gives the tokens of the whole text, wherever it is cut', async () => {
    const whole = await encodeText(text, tokenizer);
    expect([...all(whole.tokens)]).toEqual([...tokenizer.encode(text)]);
    for (let cut = 0; cut <= text.length; cut++) {
      const { tokens, ...sizes } = await encodeText(
        [text.slice(0, cut), text.slice(cut)],
        tokenizer,
      );
      expect(tokens.hash()).toBe(whole.tokens.hash());
      expect(sizes).toEqual({ characters: whole.characters, bytes: whole.bytes });
    }
  });
  it('counts characters and bytes of the text, and of parts of it', async () => {
    const { tokens, characters, bytes } = await encodeText(text, tokenizer);
    expect(characters).toBe(Array.from(text).length);
    expect(bytes).toBe(new TextEncoder().encode(text).length);
    expect(textSize(tokens, tokenizer)).toEqual({ characters, bytes });
    const { train, test } = splitText(tokens, { testSize: 0.4 });
    const [first, last] = [train, test].map((part) => textSize(part, tokenizer));
    expect(first.characters + last.characters).toBe(characters);
    expect(first.bytes + last.bytes).toBe(bytes);
    expect(last.bytes).toBe(new TextEncoder().encode(tokenizer.decode(all(test))).length);
  });
  it('takes pieces that come in time, says how far it is, and can be stopped', async () => {
    async function* slowly(): AsyncIterable<string> {
      for (const piece of ['To', ' be']) yield await Promise.resolve(piece);
    }
    const seen: number[] = [];
    const onProgress = ({ tokens }: { tokens: number }): unknown => seen.push(tokens);
    expect((await encodeText(slowly(), tokenizer, { onProgress })).tokens).toHaveLength(5);
    expect(seen).toEqual([2, 5]);
    const signal = AbortSignal.abort(new Error('stop'));
    await expect(encodeText(slowly(), tokenizer, { signal })).rejects.toThrow('stop');
  });
  it('says which character it does not know', async () => {
    const error = await encodeText(['To ', 'z'], tokenizer).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(DataError);
    expect(String(error)).toContain("'z' (U+007A), character 4");
  });
});

describe('memorySink', () => {
  it.each([2, 256, 257, 65_536, 65_537])('keeps tokens of a vocabulary of %d', (vocabSize) => {
    const tokens = Int32Array.of(0, 1, vocabSize - 1, 1);
    const sink = memorySink(vocabSize);
    sink.push(tokens);
    sink.push(tokens.subarray(1, 2));
    expect([...all(sink.end())]).toEqual([...tokens, 1]);
  });
  it('keeps more than a segment, as one array does', () => {
    const tokens = Int32Array.from({ length: 2 ** 20 + 1 }, (_, i) => (i * 7919) % 251);
    const sink = memorySink(251);
    for (let i = 0; i < 9; i++) sink.push(tokens);
    const source = sink.end();
    const array = new Uint8Array(9 * tokens.length);
    for (let i = 0; i < 9; i++) array.set(tokens, i * tokens.length);
    const inMemory = tokensInMemory(array);
    expect(source.length).toBe(array.length);
    expect(source.hash()).toBe(inMemory.hash());
    for (const part of [source, inMemory]) {
      const slice = part.slice(2 ** 22 - 10, 2 ** 22 + 10).slice(5, 15);
      expect([...all(slice)]).toEqual([...array.subarray(2 ** 22 - 5, 2 ** 22 + 5)]);
    }
  });
  it('holds nothing until something comes', () => {
    const source = memorySink(5).end();
    expect(source.length).toBe(0);
    expect(source.slice(0, 0).hash()).toBe(source.hash());
  });
  it('refuses numbers that are no tokens', () => {
    expect(() => memorySink(0)).toThrow(RangeError);
    for (const token of [-1, 3]) {
      expect(() => memorySink(3).push(Int32Array.of(0, token))).toThrow(
        `memorySink: tokens must be from 0 to 2, below vocabSize; got ${token}`,
      );
    }
  });
});
