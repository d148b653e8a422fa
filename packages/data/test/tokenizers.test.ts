// What every tokenizer keeps: a text comes back, in the whole and in pieces.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BpeTokenizer,
  BytesTokenizer,
  CharTokenizer,
  fromTokenizerFile,
  specialTokens,
  toTokenizerFile,
} from '../src/index.js';
import { DataError } from '../src/index.js';
import type { TextTokenizer, TokenizerFit } from '../src/index.js';
import { wordCounts } from '../src/tokens/bpe/word-counts.js';

const UNITS = [
  'a', 'b', 'Z', ' ', '  ', '.', "'", "'s", "'re", "'ll", '7', '٣', '½', '\n', '\r\n', '\r', '\t', '\0', '\u0085', '\u00a0', '\ufeff',
  'é', 'e\u0301', '\u0301', '한', '\u1112', '\u1161', '\u11ab', 'が', 'か\u3099', '😀', '👩‍🚀', '👨‍👩‍👧', '🇰🇷', '🇰', '👋🏽', '\u200d', '❤️', 'क्षि', '𖵩',
]; // prettier-ignore
const text = fc.string({ unit: fc.constantFrom(...UNITS), minLength: 1, maxLength: 40 });
/** A text, cut anywhere, between surrogates too. */
const cut = fc.tuple(text, fc.array(fc.nat(120), { maxLength: 8 })).map(([whole, places]) => {
  const at = [0, ...places.map((place) => place % (whole.length + 1)), whole.length].sort(
    (a, b) => a - b,
  );
  return { whole, pieces: at.slice(1).map((end, i) => whole.slice(at[i], end)) };
});

const characters = { lineEnds: 'characters' } as const;
const graphemes = { ...characters, characters: 'graphemes' } as const;
const nfc = { normalize: 'nfc' } as const;
const bpe = { ...characters, vocabSize: 300, minFrequency: 1 } as const;
const bytes = (tokenizer: BytesTokenizer) => (): TokenizerFit => ({
  push() {},
  end: () => tokenizer,
});

const fits: Readonly<Record<string, () => TokenizerFit>> = {
  characters: () => CharTokenizer.fit(characters),
  'characters in NFC': () => CharTokenizer.fit({ ...characters, ...nfc }),
  'characters with special tokens': () =>
    CharTokenizer.fit({ ...characters, special: specialTokens, unknown: 'token' }),
  graphemes: () => CharTokenizer.fit(graphemes),
  'graphemes in NFC': () => CharTokenizer.fit({ ...graphemes, ...nfc }),
  bytes: bytes(new BytesTokenizer()),
  'bytes in NFC, without padding': bytes(new BytesTokenizer({ padding: false, ...nfc })),
  bpe: () => BpeTokenizer.fit(bpe),
  'bpe in NFC': () => BpeTokenizer.fit({ ...bpe, ...nfc }),
  'bpe of lines': () => BpeTokenizer.fit({ ...bpe, lineEnds: 'separate' }),
};

function fitted(fit: TokenizerFit, pieces: readonly string[]): TextTokenizer {
  for (const piece of pieces) fit.push(piece);
  return fit.end();
}

describe.each(Object.entries(fits))('%s', (name, makeFit) => {
  const written = (whole: string): string =>
    name.includes('NFC') ? whole.normalize('NFC') : whole;
  const isFittable = (whole: string): boolean => !name.includes('lines') || /[^\r\n]/.test(whole);

  it('gives back what it encoded', () => {
    fc.assert(
      fc.property(text, (whole) => {
        fc.pre(isFittable(whole));
        const tokenizer = fitted(makeFit(), [whole]);
        const tokens = tokenizer.encode(whole);
        expect(tokenizer.decode(tokens)).toBe(written(whole));
        expect(tokens.every((token) => token >= 0 && token < tokenizer.vocabSize)).toBe(true);
        expect([...tokens]).not.toContain(tokenizer.paddingIndex);
        expect(tokenizer.firstUnknown(whole)).toBeUndefined();
        expect(tokenizer.split(whole)).toHaveLength(tokens.length);
        const joined = Buffer.concat(Array.from(tokens, (token) => tokenizer.bytesOf(token)));
        expect(joined.toString()).toBe(written(whole));
      }),
    );
  });
  it('is the same for a text in pieces, and encodes pieces as the whole', () => {
    fc.assert(
      fc.property(cut, ({ whole, pieces }) => {
        fc.pre(isFittable(whole));
        const tokenizer = fitted(makeFit(), pieces);
        expect(tokenizer.toJSON()).toEqual(fitted(makeFit(), [whole]).toJSON());
        const encoder = tokenizer.pieces();
        for (let round = 0; round < 2; round++) {
          const tokens = pieces.flatMap((piece) => [...encoder.push(piece)]);
          expect([...tokens, ...encoder.end()]).toEqual([...tokenizer.encode(whole)]);
        }
      }),
    );
  });
  it('comes back from the tokenizer.json of Hugging Face', () => {
    fc.assert(
      fc.property(text, (whole) => {
        fc.pre(isFittable(whole));
        const tokenizer = fitted(makeFit(), [whole]);
        const json: unknown = JSON.parse(JSON.stringify(toTokenizerFile(tokenizer)));
        const read = fromTokenizerFile(json);
        expect(read.encode(whole)).toEqual(tokenizer.encode(whole));
        expect(read.decode(read.encode(whole))).toBe(written(whole));
        expect(read.vocabSize).toBe(tokenizer.vocabSize);
        expect(read.paddingIndex).toBe(tokenizer.paddingIndex);
      }),
    );
  });
  it('decodes tokens one after the other, never a part of a character', () => {
    fc.assert(
      fc.property(text, (whole) => {
        fc.pre(isFittable(whole));
        const tokenizer = fitted(makeFit(), [whole]);
        const decoder = tokenizer.decoder();
        const parts = Array.from(tokenizer.encode(whole), (token) => decoder.push([token]));
        expect(parts.join('')).toBe(written(whole));
        expect(decoder.end()).toBe('');
      }),
    );
  });
});

describe('a tokenizer.json', () => {
  const file = toTokenizerFile(CharTokenizer.fromAlphabet('ab'));
  const model = { type: 'WordLevel', vocab: { '.': 0, a: 1, b: 2 } };

  it.each<[object, string]>([
    [{ pre_tokenizer: { type: 'Whitespace' } }, 'must have texts cut into characters'],
    [{ normalizer: { type: 'Lowercase' } }, 'normalizer must be null or NFC; got "Lowercase"'],
    [{ added_tokens: [{ content: 'b' }] }, 'from 0 on, special tokens first'],
    [{ model: { ...model, vocab: { '.': 0, a: 1, b: 3 } } }, 'from 0 on, special tokens first'],
    [
      { model: { ...model, vocab: { '.': 0, a: 1, b: { valueOf: 2, toString: 2 } } } },
      'from 0 on, special tokens first',
    ],
    [{ model: { ...model, unk_token: 'a' } }, 'unk_token must be a special token, or the last one'],
    [
      { model: { ...model, vocab: { '.': 0, low: 1 } } },
      "each word must be a character, special tokens before all others; got 'low'",
    ],
    [{ model: { ...model, vocab: { '.': 0 } } }, 'must have a character'],
  ])('of words is refused with %j', (change, message) => {
    expect(() => fromTokenizerFile({ ...file, ...change })).toThrow(DataError);
    expect(() => fromTokenizerFile({ ...file, ...change })).toThrow(message);
  });
  it('is of tokenizers of this package', () => {
    const tokenizer = Object.create(CharTokenizer.fromAlphabet('ab'), {});
    Object.setPrototypeOf(tokenizer, null);
    expect(() => toTokenizerFile(tokenizer)).toThrow(TypeError);
  });
});

describe('bytes', () => {
  const tokenizer = new BytesTokenizer();
  it('are UTF-8, after the padding', () => {
    expect([...tokenizer.encode('aé')]).toEqual([0x62, 0xc4, 0xaa]);
    expect(tokenizer.decode([0, 0x62, 0])).toBe('<|endoftext|>a<|endoftext|>');
    expect(tokenizer.split('aé')).toEqual(['a', '<0xC3>', '<0xA9>']);
    expect(new BytesTokenizer({ padding: false }).vocabSize).toBe(256);
  });
  it('that are no text become U+FFFD', () => {
    expect(tokenizer.decode([0xc4, 0x62, 0xc4, 0])).toBe('\uFFFDa\uFFFD<|endoftext|>');
    const decoder = tokenizer.decoder();
    expect([decoder.push([0xc4]), decoder.end(), decoder.push([0x62])]).toEqual([
      '',
      '\uFFFD',
      'a',
    ]);
    expect(tokenizer.decode(tokenizer.encode('a\ud83d'))).toBe('a\uFFFD');
  });
  it('come back from JSON', () => {
    for (const options of [
      {},
      { padding: '<end>' },
      { padding: false, normalize: 'nfc' },
    ] as const) {
      const made = new BytesTokenizer(options);
      const again = BytesTokenizer.fromJSON(JSON.parse(JSON.stringify(made)));
      expect(again.toJSON()).toEqual(made.toJSON());
      expect(again.vocabSize).toBe(made.vocabSize);
    }
  });
  it.each([
    [null, "type must be 'BytesTokenizer'; got nothing"],
    [{ type: 'BytesTokenizer', padding: 7 }, 'padding must be a string that is not empty; got 7'],
    [{ type: 'BytesTokenizer', normalize: 'nfd' }, "normalize must be 'none' or 'nfc'"],
  ])('refuse %j', (json, message) => {
    expect(() => BytesTokenizer.fromJSON(json)).toThrow(message);
  });
  it('refuse what is no token, and an empty padding', () => {
    expect(() => tokenizer.decode([257])).toThrow('whole numbers from 0 to 256; got 257');
    expect(() => new BytesTokenizer({ padding: '' })).toThrow('padding must have a character');
  });
});

describe('what is held back', () => {
  it('is bounded: a run of marks is cut, in pieces as in the whole', () => {
    const marks = `e${'\u0301\u0323'.repeat(20_000)}`;
    const family = '👩\u200d'.repeat(20_000);
    for (const whole of [marks, family]) {
      for (const options of [{ ...characters, ...nfc }, graphemes, { ...graphemes, ...nfc }]) {
        const tokenizer = CharTokenizer.fromText(whole, options);
        const encoder = tokenizer.pieces();
        const tokens: number[] = [];
        for (let i = 0; i < whole.length; i += 7001) {
          tokens.push(...encoder.push(whole.slice(i, i + 7001)));
        }
        expect(tokens.length).toBeGreaterThan(0);
        expect([...tokens, ...encoder.end()]).toEqual([...tokenizer.encode(whole)]);
      }
    }
  });
  it('is what Unicode composes with what is before it', () => {
    // Every character that composes two, by its own decomposition.
    for (let code = 0x80; code < 0x30000; code++) {
      const character = String.fromCodePoint(code);
      const parts = Array.from(character.normalize('NFD'));
      if (parts.length < 2 || parts.join('').normalize('NFC') !== character) continue;
      const encoder = CharTokenizer.fromAlphabet(character, { ...nfc, unknown: 'token' }).pieces();
      const tokens: number[] = [];
      for (const part of parts) tokens.push(...encoder.push(part));
      expect([...tokens, ...encoder.end()], character).toEqual([1]);
    }
  });
  it('of words in memory is bounded by forgetting the rarest', () => {
    const words = wordCounts(100);
    for (let i = 0; i < 1000; i++) {
      words.add(String(100 + i), 0, 3 + Math.trunc(i / 900));
      words.add('as often', 3, 8);
    }
    expect(words.counts().get('often')).toBe(1000);
    expect(words.counts().size).toBeLessThan(40);
  });
});
