import { describe, expect, it } from 'vitest';
import { CharTokenizer, DataError, encodeLines, specialTokens } from '../src/index.js';

describe('one stream of text', () => {
  const text = 'ab\nba\r\n';
  const tokenizer = CharTokenizer.fromText(text, { lineEnds: 'characters' });
  it("counts characters from 0, line ends among them, as nanoGPT's", () => {
    expect(tokenizer).toMatchObject({
      alphabet: '\n\rab',
      paddingIndex: undefined,
      padding: undefined,
    });
    expect([...tokenizer.encode(text)]).toEqual([2, 3, 0, 3, 2, 1, 0]);
    expect(CharTokenizer.fromJSON(JSON.parse(JSON.stringify(tokenizer))).toJSON()).toEqual(
      tokenizer.toJSON(),
    );
  });
  it('has no lines', () => {
    expect(() => encodeLines(['ab'], tokenizer)).toThrow(
      'encodeLines: lines need a token that begins and ends them; the tokenizer has no padding; make it with one',
    );
  });
  it('may have a padding', () => {
    const padded = CharTokenizer.fromText(text, { lineEnds: 'characters', padding: '<end>' });
    expect([...padded.encode('\n')]).toEqual([1]);
    expect(padded.decode([0])).toBe('<end>');
  });
});

describe("the course's vocab.json", () => {
  const options = { lineEnds: 'characters', special: specialTokens, unknown: 'token' } as const;
  const tokenizer = CharTokenizer.fromText('b"a\n\\3', options);
  const vocab = tokenizer.vocabText();
  it('has six special tokens and the characters, sorted, as Python writes them', () => {
    expect(vocab).toBe(`{
    "<|begin_of_text|>": 0,
    "<|eot_id|>": 1,
    "<|start_header_id|>": 2,
    "<|end_header_id|>": 3,
    "<|end_of_text|>": 4,
    "<|UNK|>": 5,
    "\\n": 6,
    "\\"": 7,
    "3": 8,
    "\\\\": 9,
    "a": 10,
    "b": 11
}`);
    expect(tokenizer).toMatchObject({ paddingIndex: 0, padding: '<|begin_of_text|>' });
    expect([...tokenizer.encode('a<é')]).toEqual([10, 5, 5]);
    expect(tokenizer.decode([0, 10, 5])).toBe('<|begin_of_text|>a<|UNK|>');
  });
  it('is read as it was written', () => {
    const again = CharTokenizer.fromVocab(JSON.parse(vocab));
    expect(again.toJSON()).toEqual(tokenizer.toJSON());
    expect(again.vocabText()).toBe(vocab);
  });
  it('may have no special tokens, an unknown one at the end, or graphemes', () => {
    const bare = CharTokenizer.fromVocab({ '.': 0, a: 1, b: 2 });
    expect(bare).toMatchObject({ paddingIndex: undefined, alphabet: '.ab', unknown: 'error' });
    const lines = CharTokenizer.fromVocab({ '.': 0, a: 1, b: 2 }, { lineEnds: 'separate' });
    expect(lines).toMatchObject({ paddingIndex: 0, padding: '.', alphabet: 'ab' });
    const last = CharTokenizer.fromAlphabet('ab', { unknown: 'token', padding: false });
    expect(CharTokenizer.fromVocab(JSON.parse(last.vocabText())).toJSON()).toEqual(last.toJSON());
    const joined = CharTokenizer.fromVocab({ '<pad>': 0, '👩‍🚀': 2, a: 1 });
    expect(joined).toMatchObject({ characters: 'graphemes', padding: '<pad>', vocabSize: 3 });
    expect(CharTokenizer.fromVocab({ '<unk>': 0, a: 1 })).toMatchObject({
      paddingIndex: undefined,
      unknown: 'token',
    });
  });
  it.each([
    [[], 'must be an object of tokens and their numbers'],
    [null, 'must be an object'],
    [{}, 'must have from 1 to 1048576 tokens; got 0'],
    [{ a: 1 }, "numbered from 0 to 0; got 1 for 'a' (U+0061)"],
    [{ a: '0' }, 'got "0" for'],
    [{ a: 0, b: 0 }, "each number must be one token's; 0 is 'a' (U+0061) and 'b' (U+0062)"],
    [
      { '<s>': 0, a: 1, a_B: 2 },
      "special ones before all others; token 2 is 'a_B'; a vocabulary of words",
    ],
    [{ '<s>': 0 }, 'the alphabet must have a character'],
    [{ '': 0, a: 1 }, "padding must have a character; got ''"],
  ])('is refused: %j', (json, message) => {
    expect(() => CharTokenizer.fromVocab(json)).toThrow(DataError);
    expect(() => CharTokenizer.fromVocab(json)).toThrow(message);
  });
});

describe('special tokens', () => {
  it('come before the characters, and no text encodes to them', () => {
    const tokenizer = CharTokenizer.fromAlphabet('ab', { special: ['<s>', '</s>'] });
    expect(tokenizer).toMatchObject({ paddingIndex: 0, padding: '<s>', vocabSize: 4 });
    expect([...tokenizer.encode('ab')]).toEqual([2, 3]);
    const other = CharTokenizer.fromAlphabet('ab', { special: ['<s>', '</s>'], padding: '</s>' });
    expect(other.paddingIndex).toBe(1);
    expect(CharTokenizer.fromJSON(JSON.parse(JSON.stringify(other))).paddingIndex).toBe(1);
  });
  it.each([
    [{ special: ['<s>'], padding: '.' }, "padding must be one of the special tokens <s>; got '.'"],
    [{ special: ['<s>', '<s>'] }, "each once; got '<s>'"],
    [{ special: ['<s>', 'a'] }, "written as nothing else is, and each once; got 'a'"],
  ])('%j are refused', (options, message) => {
    expect(() => CharTokenizer.fromAlphabet('ab', options)).toThrow(message);
  });
});
