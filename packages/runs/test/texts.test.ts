import { BpeTokenizer, CharTokenizer, describeText, toTokenizerFile } from '@llm101/data';
import type { LoadedText } from '@llm101/data';
import { describe, expect, it } from 'vitest';
import {
  defaultSettings,
  contradictionsOf,
  openTokenizer,
  type LineData,
  parseTokenizer,
  prepareData,
  resolveSettings,
  resolveSome,
  splitSettingsSchema,
  withTextBits,
  type Settings,
} from '../src/index.js';

const loadedOf = (text: string): LoadedText => ({
  text,
  name: 'own.txt',
  characters: text.length,
  sha256: '0'.repeat(64),
});
async function prepare(text: string, own: Partial<Settings> = {}): Promise<LineData> {
  const settings = { ...defaultSettings, alphabet: 'auto', valSize: 0.5, ...own };
  const data = await prepareData(settings, loadedOf(text));
  if (data.examples === 'blocks') throw new TypeError('the text must be lines');
  return data;
}

/** The lines of both parts, sorted. */
const linesOf = ({ tokenizer, train, val }: LineData): string[] =>
  [train.tokens, val.tokens]
    .flatMap(({ tokens, starts, length }) =>
      Array.from({ length }, (_, i) =>
        tokenizer.decode(tokens.subarray(starts[i] + 1, starts[i + 1])),
      ),
    )
    .sort();

describe('the alphabet', () => {
  it('is a–z for the data sets with a name, and that of the text for all others', () => {
    const alphabetOf = (data: string) => resolveSettings({ flags: { data } }).alphabet;
    expect(resolveSettings({ flags: {} }).alphabet).toBe('abcdefghijklmnopqrstuvwxyz');
    expect(alphabetOf('makemore-names')).toBe('abcdefghijklmnopqrstuvwxyz');
    expect(['rivers.txt', './names', 'https://localhost/names'].map(alphabetOf)).toEqual(
      Array(3).fill('auto'),
    );
    expect(resolveSome(splitSettingsSchema, { flags: { data: 'a.txt' } }).alphabet).toBe('auto');
  });
  it('is what was said, wherever it was', () => {
    const file = { path: 'config.json', settings: { data: 'a.txt', alphabet: 'abc' } };
    expect(resolveSettings({ flags: {}, file }).alphabet).toBe('abc');
    expect(resolveSettings({ flags: { alphabet: 'xyz' }, file }).alphabet).toBe('xyz');
    const environment = { data: 'b.txt' };
    expect(resolveSettings({ flags: {}, environment }).alphabet).toBe('auto');
  });
});

describe('a text', () => {
  it('may hold every end symbol', async () => {
    const data = await prepare('._·¶␃\nab.\n');
    const { tokenizer, train } = data;
    expect(tokenizer.padding).toBe('<end>');
    const lines = linesOf(data);
    expect(lines).toEqual(['._·¶␃', 'ab.']);
    expect(tokenizer.decode(train.tokens.tokens)).toMatch(/^<end>(ab\.|\._·¶␃)<end>$/);
    const again = parseTokenizer(JSON.parse(JSON.stringify(tokenizer)));
    expect(JSON.stringify(again)).toBe(JSON.stringify(tokenizer));
  });
  it('with accents and emoji of several code points gets a hint, until it is read as it should be', async () => {
    const text = `${'한글'.normalize('NFD')}\n👨‍👩‍👧\n`;
    const hintsOf = async (own: Partial<Settings> = {}) =>
      (await prepare(text, own)).hints.join('; ');
    expect(await hintsOf()).toMatch(/--normalize nfc composes them; .*--tokenizer graphemes keeps/);
    expect(await hintsOf({ normalize: 'nfc' })).toMatch(/^some characters are several code points/);
    expect(await hintsOf({ tokenizer: 'graphemes' })).toMatch(/^some letters .* --normalize nfc/);
    expect(await hintsOf({ normalize: 'nfc', tokenizer: 'graphemes' })).toBe('');
    expect((await prepare('abc\nzoé\n')).hints).toEqual([]);
  });
  it('gets no hint that its tokenizer can’t follow', async () => {
    const text = '👨‍👩‍👧\ne\u0301\n';
    for (const tokenizer of ['bytes', 'bpe'] as const) {
      const { hints } = await prepare(text, { tokenizer });
      expect(hints.join()).toMatch(
        /^some letters [^,]*, such as [^,]*--normalize nfc composes them$/,
      );
    }
    const given = CharTokenizer.fromText(text);
    const settings = { ...defaultSettings, valSize: 0.5, tokenizerFile: 'vocab.json' };
    expect((await prepareData(settings, loadedOf(text), given)).hints).toEqual([]);
  });
  it('with a character that a given tokenizer lacks is sent to another file', async () => {
    const given = CharTokenizer.fromText('ab');
    const settings = { ...defaultSettings, tokenizerFile: 'vocab.json' };
    await expect(prepareData(settings, loadedOf('ab\nbac\n'), given)).rejects.toThrow(
      "own.txt, line 2: every character must be in the alphabet ab; got 'c' (U+0063); take it out, or name a --tokenizer-file that has it",
    );
  });
  it('is learned from in part, of which nothing else depends', async () => {
    const text = 'a\nb\nc\nd\ne\nf\ng\nh\n';
    const all = await prepare(text);
    const half = await prepare(text, { trainShare: 0.6 }); // of 4 lines
    const learned = ({ tokenizer, train: { tokens } }: LineData) =>
      tokenizer.decode(tokens.tokens.subarray(0, tokens.positions));
    expect(half.val).toEqual(all.val);
    expect(half.train.tokens.length).toBe(2);
    expect(learned(all).startsWith(learned(half))).toBe(true);
    const blocks = { ...defaultSettings, examples: 'blocks', trainShare: 0.25 } as const;
    const stream = await prepareData({ ...blocks, alphabet: 'auto' }, loadedOf('abcdefghij'));
    if (stream.examples === 'lines') throw new TypeError('the text must be a stream');
    const into = new Int32Array(2);
    stream.train.tokens.copy(0, 2, into, 0); // a quarter of nine
    expect([stream.train.tokens.length, ...into]).toEqual([2, 0, 1]);
    expect(stream.val.tokens.length).toBe(1);
  });
  it('is composed before it is split', async () => {
    const both = ['é'.normalize('NFC'), 'é'.normalize('NFD'), 'a', 'b'].join('\n');
    const own = { normalize: 'nfc', distinct: true } as const;
    const data = await prepare(both, own);
    expect(linesOf(data)).toEqual(['a', 'b', 'é', 'é']);
    expect(data.tokenizer.alphabet).toBe('abé');
  });
  it('is read by graphemes', async () => {
    const { tokenizer } = await prepare('a👨‍👩‍👧\nb\n', { tokenizer: 'graphemes' });
    expect(tokenizer.vocabSize).toBe(4);
    expect(parseTokenizer(JSON.parse(JSON.stringify(tokenizer))).split('a👨‍👩‍👧')).toHaveLength(2);
  });
  it.each<[string, Partial<Settings>, string]>([
    [
      'a\n',
      {},
      'own.txt must have at least 2 lines that are not empty, some to learn from and some held out; got one',
    ],
    ['a\na\n', { distinct: true }, 'own.txt must have at least 2 different lines'],
    [
      'a\nb\n',
      { valSize: 0.9 },
      'own.txt: --val-size must leave some to learn from; 0.9 of 2 lines that are not empty leaves none',
    ],
    [
      'a\nb\nc\n',
      { trainShare: 0.1 },
      'own.txt: --train-share must leave some lines to learn from; 0.1 of 1 leaves none; choose a larger one',
    ],
    [
      'a\nb\n\n\nzo\n',
      { alphabet: 'abo' },
      "own.txt, line 5: every character must be in the alphabet abo; got 'z'",
    ],
    ['a\rb', {}, 'they end in a carriage return alone'],
    ['a b', {}, 'or learn it as one stream by --examples blocks'],
    [
      'one line alone',
      { examples: 'blocks', split: 'lines' },
      'own.txt must have at least 2 lines, some to learn from and some held out; got one; leave out --split lines',
    ],
    ['a', { examples: 'blocks' }, 'own.txt must have at least 2 tokens, some to learn from'],
    [
      'abc',
      { examples: 'blocks', valSize: 0.99 },
      'own.txt: --val-size must leave some to learn from; 0.99 of 3 tokens leaves none',
    ],
  ])('that can not be split is named: %j', async (text, own, message) => {
    await expect(prepare(text, own)).rejects.toThrow(message);
    expect(describeText(loadedOf(text))).toContain('own.txt');
  });
  it('shows no alphabet of thousands of characters', async () => {
    const alphabet = Array.from({ length: 5000 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join(
      '',
    );
    await expect(prepare('a\nb\n', { alphabet })).rejects.toThrow(
      /alphabet .{60}… \(5,000 characters\); got 'a'/u,
    );
  });
});

it('opens the tokenizer of a model that was saved before', () => {
  const json = { type: 'CharTokenizer', alphabet: 'abc', padding: '_', unknown: 'error' };
  const tokenizer = parseTokenizer(json);
  expect(tokenizer).toBeInstanceOf(CharTokenizer);
  expect(JSON.stringify(tokenizer)).toBe(JSON.stringify(json));
});

describe('a tokenizer', () => {
  const text = 'low lower lowest\nnewer newest newer\nlow new wide\n';
  it('of bytes or parts of words reads any text, as lines and as one stream', async () => {
    for (const tokenizer of ['bytes', 'bpe'] as const) {
      for (const examples of ['lines', 'blocks'] as const) {
        const own = { tokenizer, examples, vocabSize: 300 };
        const settings = { ...defaultSettings, alphabet: 'auto', valSize: 0.5, ...own };
        const data = await prepareData(settings, loadedOf(`${text}é\u0000😀\n`));
        const json: unknown = JSON.parse(JSON.stringify(data.tokenizer));
        expect(parseTokenizer(json).toJSON()).toEqual(data.tokenizer.toJSON());
        expect(data.tokenizer.decode(data.tokenizer.encode('é\u0000😀'))).toBe('é\u0000😀');
        const isLine = examples === 'lines';
        expect(data.tokenizer.paddingIndex).toBe(isLine || tokenizer === 'bpe' ? 0 : undefined);
      }
    }
  });
  const options = { lineEnds: 'separate' } as const;
  it('of a file takes the place of one that the text makes', async () => {
    const file = BpeTokenizer.fromText(text, { vocabSize: 280 }).toTokenizerFile();
    const given = openTokenizer(JSON.parse(JSON.stringify(file)), options);
    const settings = { ...defaultSettings, valSize: 0.5, tokenizerFile: 'tokenizer.json' };
    expect((await prepareData(settings, loadedOf(text), given)).tokenizer).toBe(given);
    await expect(prepareData(settings, loadedOf(text))).rejects.toThrow(
      'given must be the tokenizer of tok',
    );
    const vocab = openTokenizer({ '.': 0, a: 1, b: 2 }, options);
    expect(vocab).toMatchObject({ padding: '.', alphabet: 'ab' });
    await expect(prepareData(settings, loadedOf(text), vocab)).rejects.toThrow(
      'line 1: every character',
    );
    for (const file of [vocab, toTokenizerFile(vocab)]) {
      expect(openTokenizer(JSON.parse(JSON.stringify(file)), options).toJSON()).toEqual(
        vocab.toJSON(),
      );
    }
  });
  it('of a file that can not begin lines is for one stream', async () => {
    const settings = { ...defaultSettings, tokenizerFile: 'vocab.json' };
    const vocab = openTokenizer({ a: 0, '\n': 1 }, { lineEnds: 'characters' });
    await expect(prepareData(settings, loadedOf('a\na\n'), vocab)).rejects.toThrow(
      'lines need a tokenizer whose token 0 begins and ends them; this one has no such token; read the text as one stream, by --examples blocks',
    );
    const blocks = { ...settings, examples: 'blocks', valSize: 0.5 } as const;
    expect((await prepareData(blocks, loadedOf('a\na\n'.repeat(20)), vocab)).tokenizer).toBe(vocab);
  });
  it.each([
    [[], 'must be an object of tokens'],
    [7, 'must be an object of tokens'],
    [{ model: { type: 'WordPiece' } }, "model.type must be 'BPE'"],
    [{ type: 'CharTokenizer', normalize: 7 }, 'normalize must be'],
  ])('of a file that is none is named: %j', (json, message) => {
    expect(() => openTokenizer(json, options)).toThrow(message);
  });
  it('has settings that only some kinds read', () => {
    const contradiction = (own: Partial<Settings>) =>
      contradictionsOf({ ...defaultSettings, alphabet: 'auto', ...own })[0]?.message;
    expect(contradiction({ vocabSize: 300 })).toBe(
      '--vocab-size is for --tokenizer bpe; got --tokenizer characters',
    );
    expect(contradiction({ tokenizer: 'bpe', vocabSize: 300 })).toBeUndefined();
    expect(contradiction({ tokenizer: 'bytes', alphabet: 'abc' })).toBe(
      '--alphabet is for --tokenizer characters, graphemes; got --tokenizer bytes',
    );
    expect(contradiction({ tokenizer: 'bpe', tokenizerFile: 'a.json' })).toBe(
      '--tokenizer-file takes the place of --tokenizer; got both, leave one out',
    );
  });
});

it('a loss is given in bits of the text that was scored, whatever its tokens and parts are', async () => {
  const evaluation = { examples: 1, loss: Math.LN2, accuracy: 0, perplexity: 2, bitsPerToken: 1 };
  const bitsOf = async (own: Partial<Settings>) => {
    const settings = { ...defaultSettings, alphabet: 'auto', valSize: 0.5, ...own };
    const { val, tokenizer } = await prepareData(settings, loadedOf('é\né\né\né\n'));
    return withTextBits(evaluation, val, tokenizer);
  };
  // A line is é and its end: 2 characters, 3 bytes, 2 or 3 tokens.
  expect(await bitsOf({})).toMatchObject({ bitsPerCharacter: 1, bitsPerByte: 2 / 3 });
  expect(await bitsOf({ tokenizer: 'bytes' })).toMatchObject({
    bitsPerCharacter: 1.5,
    bitsPerByte: 1,
  });
  const blocks = await bitsOf({ examples: 'blocks', tokenizer: 'bytes' });
  expect(blocks).toMatchObject({ bitsPerCharacter: 1.5, bitsPerByte: 1 });
});
