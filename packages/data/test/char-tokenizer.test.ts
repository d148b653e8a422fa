import { describe, expect, it } from 'vitest';
import { CharTokenizer, DataError, describeCharacter } from '../src/index.js';
import { thrownBy } from './thrown-by.js';

const letters = 'abcdefghijklmnopqrstuvwxyz';

describe('an alphabet', () => {
  const tokenizer = CharTokenizer.fromAlphabet(letters);
  it('counts from 1 and keeps 0 for padding and end', () => {
    expect(tokenizer.vocabSize).toBe(27);
    expect(tokenizer.paddingIndex).toBe(0);
    expect(tokenizer.encode('keyler')).toEqual(Int32Array.of(11, 5, 25, 12, 5, 18));
    expect(tokenizer.decode([0, 0, 11, 5, 0])).toBe('..ke.');
  });
  it('keeps the order that it was given', () => {
    expect([...CharTokenizer.fromAlphabet('zya').encode('ayz')]).toEqual([3, 2, 1]);
  });
  it('encodes an empty text to no token', () => {
    expect(tokenizer.encode('')).toHaveLength(0);
    expect(tokenizer.decode([])).toBe('');
  });
  it('writes another padding character', () => {
    const underscored = CharTokenizer.fromAlphabet('a.', { padding: '_' });
    expect(underscored.decode(underscored.encode('a.a'))).toBe('a.a');
    expect(underscored.decode([0])).toBe('_');
  });
  it.each([
    ['', {}, 'the alphabet must have a character; got none'],
    ['aba', {}, "must have each character once; got 'a' twice"],
    ['a.b', { padding: '.' }, "must not have the padding character '.'; choose another by the"],
    ['ab', { padding: '' }, "padding must have a character; got ''"],
    ['ab\uFFFD', { unknown: 'token' as const }, 'U+FFFD stands for unknown characters'],
    ['ab', { padding: '\uFFFD', unknown: 'token' as const }, 'U+FFFD stands for unknown'],
  ])('rejects %o with %o', (alphabet, options, message) => {
    const make = () => CharTokenizer.fromAlphabet(alphabet, options);
    expect(make).toThrow(RangeError);
    expect(make).toThrow(message);
  });
});

it('takes a large alphabet in linear time', () => {
  const characters = Array.from({ length: 100_000 }, (_, i) => String.fromCodePoint(0x10000 + i));
  const tokenizer = CharTokenizer.fromAlphabet(characters.join('')); // took 12 s when it was quadratic
  expect(tokenizer.vocabSize).toBe(100_001);
  expect([...tokenizer.encode(characters[99_999])]).toEqual([100_000]);
}, 5000);

describe('a text', () => {
  it('gives its characters, sorted by code point, without line ends', () => {
    expect(CharTokenizer.fromText('bad\r\ncab\n\n').alphabet).toBe('abcd');
    expect(CharTokenizer.fromText(['zoé', 'Ab', 'a\nb']).alphabet).toBe('Aabozé');
  });
  it('sorts by code point where UTF-16 sorts otherwise', () => {
    expect(CharTokenizer.fromText('😀\uFF5A').alphabet).toBe('\uFF5A😀');
  });
  it('counts an emoji as one character', () => {
    const tokenizer = CharTokenizer.fromText('a😀b');
    expect(tokenizer.vocabSize).toBe(4);
    expect([...tokenizer.encode('😀a')]).toEqual([3, 1]);
    expect(tokenizer.decode([3, 1])).toBe('😀a');
  });
  it('must not hold the padding symbol that was chosen', () => {
    const dotted = () => CharTokenizer.fromText('anna\nst. john\n', { padding: '.' });
    const error = thrownBy(dotted);
    expect(error).toMatch(/^DataError: /);
    expect(error).toContain(
      "the text must not hold the padding symbol '.'; line 2 is 'st. john'; choose another by the option padding",
    );
    expect(CharTokenizer.fromText('st. john', { padding: '#' }).alphabet).toContain('.');
  });
  it.each(['', '\n\n', [], ['']])('must have characters: %o', (text) => {
    expect(() => CharTokenizer.fromText(text)).toThrow(DataError);
  });
});

describe('the end symbol', () => {
  it('is one that the alphabet lacks, and a name where it lacks none', () => {
    const paddingOf = (text: string) => CharTokenizer.fromText(text).padding;
    expect(['ab', 'a.', '._', '._·', '._·¶', '._·¶␃'].map(paddingOf)).toEqual([
      '.',
      '_',
      '·',
      '¶',
      '␃',
      '<end>',
    ]);
    expect(CharTokenizer.fromAlphabet('.ab').padding).toBe('_');
  });
  it('need not be a character: a text may hold all that are, and its letters', () => {
    const lines = ['._·¶␃', '<end>', 'a'];
    const tokenizer = CharTokenizer.fromText(lines);
    for (const line of lines) expect(tokenizer.decode(tokenizer.encode(line))).toBe(line);
    expect(tokenizer.decode([0, 0])).toBe('<end><end>');
    const again = CharTokenizer.fromJSON(JSON.parse(JSON.stringify(tokenizer)));
    expect(again.encode('<end>')).toEqual(tokenizer.encode('<end>'));
    expect(again.decode([0])).toBe('<end>');
  });
});

describe('graphemes', () => {
  const family = '👨‍👩‍👧';
  const lines = [`${family}é`, 'e\u0301a', '🇰🇷'];
  const tokenizer = CharTokenizer.fromText(lines, { characters: 'graphemes' });
  it('are one token each, however many code points they have', () => {
    expect(tokenizer.vocabSize).toBe(6);
    expect(tokenizer.encode(`a${family}🇰🇷`)).toHaveLength(3);
    expect(tokenizer.split('e\u0301a')).toEqual(['e\u0301', 'a']);
    expect(tokenizer.alphabet).toBe(['a', 'e\u0301', 'é', '🇰🇷', family].join(''));
    for (const line of lines) expect(tokenizer.decode(tokenizer.encode(line))).toBe(line);
  });
  it('that are unknown are named whole', () => {
    expect(tokenizer.firstUnknown('a👩‍👧')).toEqual({ character: '👩‍👧', index: 1 });
    expect(tokenizer.firstUnknown('e')).toEqual({ character: 'e', index: 0 });
    expect(() => tokenizer.encode('ae\u0302')).toThrow("'e\u0302' (U+0065 U+0302), character 2 of");
  });
  it('come back from JSON, where the alphabet is a list', () => {
    const json = JSON.stringify(tokenizer);
    expect(JSON.parse(json)).toMatchObject({ alphabet: ['a', 'e\u0301', 'é', '🇰🇷', family] });
    const again = CharTokenizer.fromJSON(JSON.parse(json));
    expect(again.encode(lines[0])).toEqual(tokenizer.encode(lines[0]));
    expect(JSON.stringify(again)).toBe(json);
  });
  it('may be an alphabet, as a text or as a list', () => {
    const options = { characters: 'graphemes' } as const;
    const ofText = CharTokenizer.fromAlphabet(`a${family}`, options);
    expect(CharTokenizer.fromAlphabet(['a', family], options).toJSON()).toEqual(ofText.toJSON());
    expect(ofText.vocabSize).toBe(3);
    expect(() => CharTokenizer.fromAlphabet(['a', ''], options)).toThrow("the alphabet has ''");
  });
});

describe('normalize', () => {
  const decomposed = '한글é'.normalize('NFD');
  it('composes texts first, whatever they are written in', () => {
    const tokenizer = CharTokenizer.fromText([decomposed], { normalize: 'nfc' });
    expect(tokenizer.alphabet).toBe('é글한');
    expect([...tokenizer.encode(decomposed)]).toEqual([...tokenizer.encode('한글é')]);
    expect(tokenizer.decode(tokenizer.encode(decomposed))).toBe('한글é');
    expect(tokenizer.firstUnknown(decomposed)).toBeUndefined();
    expect(tokenizer.split(decomposed)).toEqual(['한', '글', 'é']);
    expect(CharTokenizer.fromAlphabet('é'.normalize('NFD'), { normalize: 'nfc' }).alphabet).toBe(
      'é',
    );
  });
  it('is kept in JSON', () => {
    const tokenizer = CharTokenizer.fromText([decomposed], { normalize: 'nfc' });
    const again = CharTokenizer.fromJSON(JSON.parse(JSON.stringify(tokenizer)));
    expect(again.normalize).toBe('nfc');
    expect(again.encode(decomposed)).toEqual(tokenizer.encode('한글é'));
  });
  it('may make a text longer', () => {
    const expanding = '\u0958'; // composes to two
    const tokenizer = CharTokenizer.fromText([expanding], { normalize: 'nfc' });
    expect(tokenizer.encode(expanding)).toHaveLength(2);
  });
});

describe('a character outside the alphabet', () => {
  it('is named, with its place and the text', () => {
    const error = thrownBy(() => CharTokenizer.fromAlphabet('xyzo').encode('zoéz'));
    expect(error).toMatch(/^DataError: /);
    expect(error).toContain(
      "'é' (U+00E9), character 3 of 'zoéz', is not in the alphabet 'xyzo'; take it out, make the alphabet from this text, or add a token for unknown characters: unknown: 'token', or <|UNK|> in a vocab.json",
    );
  });
  it('is shown with what is around it in a long text', () => {
    const text = `${'a'.repeat(500)}!${'b'.repeat(500)}`;
    expect(() => CharTokenizer.fromAlphabet('ab').encode(text)).toThrow(
      `character 501 of '…${'a'.repeat(30)}!${'b'.repeat(29)}…'`,
    );
    expect(() => CharTokenizer.fromAlphabet('ab').encode(`${'b'.repeat(100)}!`)).toThrow(
      `character 101 of '…${'b'.repeat(59)}!'`,
    );
  });
  it('is what the padding character is within a text', () => {
    expect(() => CharTokenizer.fromAlphabet('ab').encode('a.b')).toThrow("'.' (U+002E)");
  });
  it('is found, with how many are before it', () => {
    const tokenizer = CharTokenizer.fromAlphabet('a😀', { unknown: 'token' });
    expect(tokenizer.firstUnknown('a😀éa!')).toEqual({ character: 'é', index: 2 });
    expect(tokenizer.firstUnknown('a.')).toEqual({ character: '.', index: 1 });
    expect(tokenizer.firstUnknown('😀a')).toBeUndefined();
    expect(describeCharacter('😀')).toBe("'😀' (U+1F600)");
    expect(describeCharacter(`a${'\u0301'.repeat(5000)}`)).toBe(
      `'a${'\u0301'.repeat(15)}…' (U+0061${' U+0301'.repeat(15)} …, 5,001 code points)`,
    );
  });
  it('becomes the last token where asked for', () => {
    const tokenizer = CharTokenizer.fromAlphabet('ab', { unknown: 'token' });
    expect(tokenizer.vocabSize).toBe(4);
    expect([...tokenizer.encode('a😀.b\uFFFD')]).toEqual([1, 3, 3, 2, 3]);
    expect(tokenizer.decode([1, 3])).toBe('a\uFFFD');
  });
});

describe('decode', () => {
  it.each([-1, 3, 1.5, Number.NaN])('rejects %d', (token) => {
    const decode = () => CharTokenizer.fromAlphabet('ab').decode([1, token]);
    expect(decode).toThrow(RangeError);
    expect(decode).toThrow(`tokens must be whole numbers from 0 to 2; got ${token}`);
  });
});

describe('JSON', () => {
  it('makes the same tokenizer again', () => {
    const tokenizer = CharTokenizer.fromAlphabet('zé😀', { padding: '#', unknown: 'token' });
    const json = JSON.stringify(tokenizer);
    expect(JSON.parse(json)).toEqual({
      type: 'CharTokenizer',
      alphabet: 'zé😀',
      padding: '#',
      unknown: 'token',
    });
    const again = CharTokenizer.fromJSON(JSON.parse(json));
    expect(again.toJSON()).toEqual(tokenizer.toJSON());
    expect(again.encode('é?')).toEqual(tokenizer.encode('é?'));
  });
  const good = CharTokenizer.fromAlphabet('ab').toJSON();
  it.each([
    [null, 'must be an object as toJSON returns it; got null'],
    ['{}', 'got string'],
    [{}, "type must be 'CharTokenizer'; got nothing"],
    [{ ...good, type: 'Bpe' }, `got "Bpe"`],
    [{ ...good, alphabet: 7 }, 'alphabet must be a string; got 7'],
    [{ ...good, padding: null }, 'padding must be a string; got null'],
    [{ ...good, unknown: 'skip' }, `unknown must be 'error' or 'token'; got "skip"`],
    [{ ...good, alphabet: ['a'] }, 'alphabet must be a string; got ["a"]'],
    [
      { ...good, characters: 'words' },
      `characters must be 'codePoints' or 'graphemes'; got "words"`,
    ],
    [{ ...good, characters: 'graphemes', alphabet: ['a', 1] }, 'alphabet must be a list of'],
    [{ ...good, normalize: 'nfd' }, `normalize must be 'none' or 'nfc'; got "nfd"`],
    [{ ...good, alphabet: 'aa' }, 'CharTokenizer.fromJSON: CharTokenizer: the alphabet must have'],
  ])('rejects %j', (json, message) => {
    expect(() => CharTokenizer.fromJSON(json)).toThrow(DataError);
    expect(() => CharTokenizer.fromJSON(json)).toThrow(message);
  });
});
