// llm101 tokenize: a text's tokens, and tokenizers as files that train reads.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BpeTokenizer } from '@llm101/data';
import { afterAll, describe, expect, it } from 'vitest';
import { errorOf, succeed } from './llm101.js';

interface Tokens {
  readonly tokenizer: string;
  readonly vocabSize: number;
  readonly paddingIndex: number | null;
  readonly counts: Readonly<Record<'characters' | 'bytes' | 'tokens' | 'used', number>> | null;
  readonly shown: readonly {
    readonly text: string;
    readonly tokens: readonly { readonly token: number; readonly text: string }[];
  }[];
}

const json = async (...args: string[]): Promise<Tokens> =>
  JSON.parse((await succeed('tokenize', ...args, '--json')).stdout) as Tokens;

const TEXT = 'low lower lowest\nnewer newest\n\nlöw 😀 low\n';
const folder = mkdtempSync(join(tmpdir(), 'llm101-tokenize-'));
const path = join(folder, 'own.txt');
writeFileSync(path, TEXT);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('llm101 tokenize', () => {
  it('counts the tokens of a text, by the line or as one stream', async () => {
    const lines = await json('--data', path);
    expect(lines).toMatchObject({ tokenizer: 'characters', paddingIndex: 0 });
    expect(lines.counts).toMatchObject({ characters: 40, bytes: 44, tokens: 40 });
    expect(lines.shown.map(({ text }) => text)).toEqual(TEXT.split('\n').filter(Boolean));
    const blocks = await json('--data', path, '--examples', 'blocks', '--tokenizer', 'bytes');
    expect(blocks).toMatchObject({ tokenizer: 'bytes', vocabSize: 256, paddingIndex: null });
    expect(blocks.counts).toMatchObject({ characters: 41, bytes: 45, tokens: 45 });
    expect(blocks.shown.map(({ text }) => text)).toEqual([TEXT]);
  });
  it('counts a line of many pieces as one, and shows its beginning', async () => {
    const text = join(folder, 'long-line.txt');
    writeFileSync(text, `ab\r\n\n${'löw \r'.repeat(100_000)}\r\ncd`);
    const { counts, shown } = await json('--data', text);
    expect(counts).toMatchObject({
      characters: 500_007,
      bytes: 600_007,
      tokens: 500_007,
      used: 10,
    });
    expect(shown.map((one) => one.text)).toEqual(['ab', 'löw \r'.repeat(80), 'cd']);
    expect(await errorOf(1, 'tokenize', '--data', text, '--alphabet', 'abcdlöw ')).toContain(
      'line 2 of those that aren',
    );
  });
  it.each(['characters', 'graphemes'])('cuts a long stream between %s', async (tokenizer) => {
    for (const before of ['', 'a', 'ab', 'abcd']) {
      const text = join(folder, 'family.txt');
      writeFileSync(text, before + '👨‍👩‍👧'.repeat(200));
      const { shown } = await json(
        '--data',
        text,
        '--examples',
        'blocks',
        '--tokenizer',
        tokenizer,
      );
      expect(shown[0].text).toBe(before + '👨‍👩‍👧'.repeat(99));
    }
  });
  it('shows the tokens of texts, with their numbers', async () => {
    const bytes = ['--tokenizer', 'bytes'];
    const { shown, counts } = await json(...bytes, '--text', 'é', 'ab');
    expect(counts).toBeNull();
    expect(shown[0].tokens).toEqual([
      { token: 196, text: '<0xC3>' },
      { token: 170, text: '<0xA9>' },
    ]);
    const { stdout } = await succeed('tokenize', ...bytes, '--text', 'é', 'a\nb');
    expect(stdout).toBe(
      'tokenizer  bytes, 257 tokens, <|endoftext|> is 0\n\n<0xC3>│<0xA9>\n196 170\n\na│␊│b\n98 11 99\n',
    );
  });
  it('writes a tokenizer that train, evaluate and tokenize read', async () => {
    const file = join(folder, 'tokenizer.json');
    const made = await json(
      '--data',
      path,
      '--tokenizer',
      'bpe',
      '--vocab-size',
      '270',
      '-o',
      file,
    );
    const tokenizer = BpeTokenizer.fromTokenizerFile(JSON.parse(readFileSync(file, 'utf8')));
    expect(tokenizer.vocabSize).toBe(made.vocabSize);
    const given = ['--tokenizer-file', file];
    const shown = await json(...given, '--text', 'lowest');
    expect(shown.shown[0].tokens.map(({ token }) => token)).toEqual([
      ...tokenizer.encode('lowest'),
    ]);
    const run = ['--run-dir', join(folder, 'run')];
    const sizes = ['--max-steps', '5', '--d-hidden', '4', '--val-size', '0.4'];
    await succeed('train', '--data', path, ...given, ...run, ...sizes, '--quiet');
    writeFileSync(file, '{}'); // the run has its own
    await succeed('evaluate', ...run, '--quiet');
    await succeed('train', '--resume', run[1], '--max-steps', '7', '--quiet');
    const ofRun = await json('--model', run[1]);
    expect(ofRun.counts?.tokens).toBe(made.counts?.tokens);
  });
  it('reads a text from standard input, and characters into a vocab.json', async () => {
    const file = join(folder, 'vocab.json');
    await succeed('tokenize', '--data', path, '--examples', 'blocks', '-o', file);
    const vocab = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
    expect(vocab).toMatchObject({ '\n': 0, ' ': 1 });
    expect(await errorOf(1, 'tokenize', '--tokenizer-file', file, '--text', 'lax')).toContain(
      "'a' (U+0061), character 2 of 'lax', is not in the alphabet",
    );
  });
  it.each([
    [2, ['--tokenizer', 'bpe', '--tokenizer-file', 'a.json'], 'takes the place of --tokenizer'],
    [
      1,
      ['--tokenizer-file', 'nowhere.json'],
      'the tokenizer nowhere.json can’t be read: there is no such file',
    ],
    [1, ['--tokenizer-file', path], "can't be used: the file is not JSON"],
    [1, ['-o', '/nowhere/t.json', '--text', 'a'], "/nowhere/t.json can't be written"],
    [1, ['--data', 'nowhere.txt'], 'nowhere.txt'],
    [2, ['--vocab-size', '300'], '--vocab-size is for --tokenizer bpe; got --tokenizer characters'],
    [2, ['--tokenizer', 'words'], '--tokenizer must be characters, graphemes, bytes or bpe'],
  ])('ends with status %d and an error: %j', async (status, args, message) => {
    expect((await errorOf(status, 'tokenize', ...args)).replaceAll("'", '’')).toContain(
      message.replaceAll("'", '’'),
    );
  });
});
