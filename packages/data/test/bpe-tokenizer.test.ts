// Against Hugging Face's tokenizers, kept in fixtures/bpe.json, made by tools/reference/bpe.py.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { namesPath, shakespearePath } from '@tools/testing';
import { describe, expect, it } from 'vitest';
import { BpeTokenizer, DataError } from '../src/index.js';
import { thrownBy } from './thrown-by.js';

interface Case {
  readonly vocabSize: number;
  readonly minFrequency: number;
  readonly text: string;
  readonly merges: readonly string[];
  readonly mergesByLines: readonly string[];
  readonly tokens: readonly number[];
}
interface Fixtures {
  readonly texts: Readonly<Record<string, Case>>;
  readonly once: Case;
  readonly named: Readonly<
    Record<'names' | 'shakespeare', { vocabSize: number; merges: string; tokens: number }>
  >;
}

const { texts, once, named } = JSON.parse(
  readFileSync(new URL('fixtures/bpe.json', import.meta.url), 'utf8'),
) as Fixtures;

const mergesOf = (tokenizer: BpeTokenizer): string[] =>
  tokenizer.toTokenizerFile().model.merges.map((merge) => merge.join(' '));

describe.each([...Object.entries(texts), ['once', once]] as const)(
  'the text %s',
  (_, { text, merges, mergesByLines, tokens, ...options }) => {
    const tokenizer = BpeTokenizer.fromText(text, { ...options, lineEnds: 'characters' });
    it('has the merges of the Python package, ties included', () => {
      expect(mergesOf(tokenizer)).toEqual(merges);
      expect(mergesOf(BpeTokenizer.fromText(text, options))).toEqual(mergesByLines);
    });
    it('has its tokens, also with a tokenizer that was written and read', () => {
      expect([...tokenizer.encode(text)]).toEqual(tokens);
      const json: unknown = JSON.parse(JSON.stringify(tokenizer));
      const again = BpeTokenizer.fromJSON(json);
      expect([...again.encode(text)]).toEqual(tokens);
      expect(JSON.parse(JSON.stringify(again))).toEqual(json);
      expect(tokenizer.decode(tokens)).toBe(text);
    });
  },
);

describe.each([
  ['names', namesPath()],
  ['shakespeare', shakespearePath()],
] as const)('the file %s', (name, path) => {
  it.skipIf(path === undefined)(
    `has the merges and as many tokens${path === undefined ? ' (skipped: no such file)' : ''}`,
    () => {
      const text = readFileSync(path ?? '', 'utf8');
      const { vocabSize, merges, tokens } = named[name];
      const fit = BpeTokenizer.fit({ vocabSize, lineEnds: 'characters' });
      for (let i = 0; i < text.length; i += 10_007) fit.push(text.slice(i, i + 10_007));
      const tokenizer = fit.end();
      expect(createHash('sha256').update(mergesOf(tokenizer).join('\n')).digest('hex')).toBe(
        merges,
      );
      expect(tokenizer.encode(text)).toHaveLength(tokens);
    },
    120_000,
  );
});

describe('a trained tokenizer', () => {
  const text = 'low lower lowest low low newer newest';
  const tokenizer = BpeTokenizer.fromText(text, { vocabSize: 300 });
  it('has the padding first, then bytes in the order of their symbols, then merges', () => {
    expect(tokenizer).toMatchObject({ paddingIndex: 0, padding: '<|endoftext|>', alphabet: '' });
    expect(tokenizer.decode([0])).toBe('<|endoftext|>');
    expect(tokenizer.bytesOf(1)).toEqual(Uint8Array.of(0x21));
    expect(tokenizer.split(' low lowest')).toEqual([' low', ' low', 'est']);
    expect(tokenizer.firstUnknown('あ')).toBeUndefined();
    expect(tokenizer.split('é')).toEqual(['<0xC3>', '<0xA9>']);
  });
  it('encodes no text to the padding', () => {
    expect([...tokenizer.encode('<|endoftext|>')]).not.toContain(0);
    expect(tokenizer.decode(tokenizer.encode('<|endoftext|>'))).toBe('<|endoftext|>');
  });
  it('may have no padding, for blocks of one text', () => {
    const bare = BpeTokenizer.fromText(text, { vocabSize: 300, padding: false });
    expect(bare.paddingIndex).toBeUndefined();
    expect([...bare.encode(text)]).toEqual([...tokenizer.encode(text)].map((token) => token - 1));
    expect(BpeTokenizer.fromJSON(JSON.parse(JSON.stringify(bare))).padding).toBeUndefined();
  });
  it('has fewer tokens where the text has no more pairs', () => {
    expect(BpeTokenizer.fromText('ab', { vocabSize: 300 }).vocabSize).toBe(257);
    expect(BpeTokenizer.fromText('ab', { vocabSize: 300, minFrequency: 1 }).vocabSize).toBe(258);
  });
  it('composes texts where it is asked to', () => {
    const nfc = BpeTokenizer.fromText('éé éé', { vocabSize: 300, normalize: 'nfc' });
    expect(nfc.decode(nfc.encode('e\u0301'))).toBe('é');
    expect(nfc.toTokenizerFile().normalizer).toEqual({ type: 'NFC' });
    expect(BpeTokenizer.fromJSON(JSON.parse(JSON.stringify(nfc))).normalize).toBe('nfc');
  });
  it('cuts a word that has no end, in pieces as in the whole', () => {
    const long = 'acgt'.repeat(20_000);
    const pieces = tokenizer.pieces();
    const tokens = [...pieces.push(long.slice(0, 50_001)), ...pieces.push(long.slice(50_001))];
    expect(tokens.length).toBeGreaterThan(60_000); // most is decided before the end
    expect([...tokens, ...pieces.end()]).toEqual([...tokenizer.encode(long)]);
    expect(tokenizer.decode(tokenizer.encode(long))).toBe(long);
  });
  it.each([
    [{ vocabSize: 256 }, 'BpeTokenizer: vocabSize must be a whole number from 257 on; got 256'],
    [{ vocabSize: 300, minFrequency: -1 }, 'minFrequency must be a whole number from 0 on'],
    [{ vocabSize: 300, padding: 'end' }, 'padding must be no word that a text may have'],
    [{ vocabSize: 300, padding: "'s" }, 'padding must be no word'],
  ])('refuses %j', (options, message) => {
    expect(() => BpeTokenizer.fromText('ab', options)).toThrow(message);
  });
  it('needs a text', () => {
    expect(() => BpeTokenizer.fromText('\n\n', { vocabSize: 300 })).toThrow(DataError);
  });
});

describe("GPT-2's own form of the file", () => {
  // Bytes in another order, merges as texts, the end last, and no type of the model.
  const symbols = ['!', 'a', 'b', 'c', 'Ġ', 'ab', 'abc'];
  const file = {
    version: '1.0',
    added_tokens: [{ id: 7, special: true, content: '<|endoftext|>' }],
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
    post_processor: { type: 'ByteLevel' },
    decoder: { type: 'ByteLevel' },
    model: {
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      unk_token: null,
      vocab: Object.fromEntries(symbols.map((symbol, token) => [symbol, token])),
      merges: ['a b', 'ab c'],
    },
  };
  it('is read', () => {
    const tokenizer = BpeTokenizer.fromTokenizerFile(file);
    expect(tokenizer).toMatchObject({ vocabSize: 8, paddingIndex: 7 });
    expect([...tokenizer.encode('abc ab!')]).toEqual([6, 4, 5, 0]);
  });
  it('is read where it puts tokens around a text', () => {
    const around = { ...file, post_processor: { type: 'TemplateProcessing' } };
    expect(BpeTokenizer.fromTokenizerFile(around).encode('a b')).toEqual(
      BpeTokenizer.fromTokenizerFile(file).encode('a b'),
    );
  });
  it('names the character that it has no bytes for', () => {
    const tokenizer = BpeTokenizer.fromTokenizerFile(file);
    expect(tokenizer.firstUnknown('abé')).toEqual({ character: 'é', index: 2 });
    expect(thrownBy(() => tokenizer.encode('ab é'))).toContain("DataError: 'é' (U+00E9) in ' é'");
  });
  const model = { ...file.model, type: 'BPE' };
  it.each([
    [null, 'tokenizer.json: the file must be an object'],
    [
      { ...file, model: { type: 'Unigram' } },
      `model.type must be 'BPE', as for GPT-2; got 'Unigram'`,
    ],
    [{ ...file, model: { ...model, byte_fallback: true } }, 'model.byte_fallback must be false'],
    [{ ...file, model: { ...model, dropout: 0.1 } }, 'model.dropout must be null'],
    [{ ...file, normalizer: { type: 'NFKC' } }, 'normalizer must be null or NFC'],
    [{ ...file, pre_tokenizer: null }, 'pre_tokenizer must be an object'],
    [
      { ...file, pre_tokenizer: { type: 'Sequence' } },
      `pre_tokenizer must be ByteLevel, as for GPT-2; got 'Sequence', which is not supported`,
    ],
    [
      { ...file, pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true } },
      'add_prefix_space must be false',
    ],
    [
      { ...file, added_tokens: [{ id: 7, content: 'x', special: false }] },
      "added_tokens: 'x' must be special",
    ],
    [
      { ...file, added_tokens: [{ id: 3, content: '<s>', special: true }] },
      'tokens must be numbered from 0 to 7, each once',
    ],
    [
      { ...file, added_tokens: [], model: { ...model, vocab: { a: 0, 'é€': 1 } } },
      "written in GPT-2's symbols of bytes; got 'é€'",
    ],
    [
      { ...file, model: { ...model, merges: ['a b', 'a z'] } },
      `merge 2 must be two tokens that make a third; got 'a z'`,
    ],
    [{ ...file, model: { ...model, merges: [['a', 7]] } }, 'merge 1 must be two tokens'],
    [
      { ...file, model: { ...model, merges: [['a', { toString: 1, valueOf: 1 }]] } },
      'merge 1 must be two tokens',
    ],
    [
      {
        ...file,
        added_tokens: [{ id: 0, content: 'a', special: true }],
        model: { ...model, vocab: { a: { toString: 1, valueOf: 1 } } },
      },
      `'a' must have one number; got 0 and {"toString":1,"valueOf":1}`,
    ],
    [
      { ...file, post_processor: { type: 'RobertaProcessing' } },
      'post_processor must be null, ByteLevel or TemplateProcessing',
    ],
    [{ ...file, model: { ...model, merges: 7 } }, 'model.merges must be a list'],
    [
      { ...file, added_tokens: [{ id: 5, content: 'ab', special: true }] },
      'no merge must have a special token',
    ],
  ])('%#: names what is not supported or wrong', (json, message) => {
    expect(() => BpeTokenizer.fromTokenizerFile(json)).toThrow(DataError);
    expect(() => BpeTokenizer.fromTokenizerFile(json)).toThrow(message);
  });
  it('has another type in JSON', () => {
    expect(() => BpeTokenizer.fromJSON({ type: 'Bpe' })).toThrow("type must be 'BpeTokenizer'");
  });
});
