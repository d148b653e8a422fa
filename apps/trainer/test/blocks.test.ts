// A text as one stream: trained on, sampled, compressed, resumed and repeated by every command.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended, type Ended, errorOf, llm101, start, succeed } from './llm101.js';

const korean = Array.from(
  { length: 40 },
  (_, i) => `그는 ${i}번째 아침에 강을 건너 시장으로 갔다. 바람이 불고,\n나무는 말이 없었다.\n`,
).join('\n');
const code = Array.from(
  { length: 40 },
  (_, i) => `export function add${i}(a: number): number {\n\treturn a + ${i};\n}\n`,
).join('\n');

const HIDDEN = ['--d-hidden', '16'];
const SHARED = '--context-size 8 --max-steps 40 --optimizer adam'.split(' ');
const SIZES = [...SHARED, ...HIDDEN, '--d-embed', '4'];

const folder = mkdtempSync(join(tmpdir(), 'llm101-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const pathOf = (name: string): string => join(folder, name);
const train = (name: string, ...flags: string[]): Promise<Ended> =>
  succeed('train', '--run-dir', pathOf(name), '--examples', 'blocks', ...SIZES, ...flags);
const json = async (...args: string[]): Promise<Record<string, unknown>> =>
  JSON.parse((await succeed(...args, '--json')).stdout) as Record<string, unknown>;
const losses = (name: string): unknown[] =>
  readFileSync(join(pathOf(name), 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => Object.assign(JSON.parse(line) as object, { stepsPerSecond: 0 }));

/** Of the run `whole`, which most tests look at. */
const WHOLE = ['--data', pathOf('korean.txt'), '--val-batches', '3', '--val-interval', '10'];

beforeAll(async () => {
  writeFileSync(pathOf('korean.txt'), korean);
  writeFileSync(pathOf('code.ts'), code);
  await train('whole', ...WHOLE, '--log-interval', '5');
});

describe.each([
  ['Korean prose', 'korean.txt', ['--model', 'mlp', ...HIDDEN]],
  ['source code', 'code.ts', ['--model', 'wavenet', '--depth', '2', ...HIDDEN]],
  ['bytes of Korean', 'korean.txt', ['--model', 'cnn', '--tokenizer', 'bytes', ...HIDDEN]],
  [
    'a GPT of parts of words',
    'code.ts',
    '--model gpt --d-embed 8 --tokenizer bpe --vocab-size 300'.split(' '),
  ],
] as const)('%s', (name, file, flags) => {
  const run = name.replaceAll(' ', '-');
  const of = (...args: string[]): string[] => [...args, '--run-dir', pathOf(run)];

  it('trains, samples in kind, compresses and comes back', async () => {
    const text = pathOf(file);
    const all = ['train', '--data', text, '--examples', 'blocks', ...SHARED, ...flags];
    const trained = await json(...of(...all));
    const evaluation = trained['evaluation'] as Record<string, number>;
    expect(evaluation['loss']).toBeLessThan(6);
    expect(await json(...of('evaluate'))).toMatchObject({ part: 'validation', ...evaluation });
    expect(evaluation['bitsPerByte']).toBeLessThanOrEqual(evaluation['bitsPerCharacter']);

    const sampled = await json(...of('sample', '--count', '2', '--max-length', '30'));
    const known = new Set(readFileSync(text, 'utf8'));
    const texts = sampled['texts'] as string[];
    const lengths = texts.map((drawn) => Array.from(drawn).length);
    expect(lengths.every((length) => length > 0)).toBe(true);
    const isKnown = (drawn: string): boolean =>
      /bytes|parts/.test(name) || Array.from(drawn).every((c) => known.has(c));
    expect(texts.every(isKnown)).toBe(true);

    const [packed, unpacked] = [pathOf(`${run}.packed`), pathOf(`${run}.unpacked`)];
    await succeed('compress', text, '-o', packed, '--model', pathOf(run));
    await succeed('decompress', packed, '-o', unpacked, '--model', pathOf(run));
    expect(readFileSync(unpacked, 'utf8')).toBe(readFileSync(text, 'utf8'));
  });
});

it('names what is too short for a block', async () => {
  const text = pathOf('short.txt');
  writeFileSync(text, 'abcdefghijklmnop\n'.repeat(5));
  const train = ['train', '--data', text, '--examples', 'blocks', '--run-dir', pathOf('none')];
  const needed = (n: number): string =>
    `must have at least ${n + 1} tokens, a block of --context-size ${n} and what follows it`;
  const remedy = 'give a longer text or a smaller --context-size';
  expect(await errorOf(1, ...train)).toBe(
    `${text}: the part held out ${needed(16)}; it has 9; ${remedy}`,
  );
  const learned = `${text}: the part to learn from ${needed(128)}; it has 76; ${remedy}`;
  expect(await errorOf(1, ...train, '--context-size', '128')).toBe(learned);
  const data = ['data', '--data', text, '--examples', 'blocks', '--context-size', '128'];
  expect(await errorOf(1, ...data)).toBe(learned);
  const evaluate = ['evaluate', '--run-dir', pathOf('whole'), '--data', text];
  writeFileSync(text, '그는');
  expect((await llm101(...evaluate)).stderr).toContain(
    `${text} must have at least 9 tokens for the model to score one; it has 2; give a longer text`,
  );
});

describe('a run on blocks', () => {
  it('resumes to the bytes of an unbroken one, validated by random batches', async () => {
    await train('short', ...WHOLE, '--log-interval', '5', '--max-steps', '20');
    const resumed = await succeed('train', '--resume', pathOf('short'), '--max-steps', '40');
    expect(resumed.stderr).not.toContain("isn't read");
    expect(losses('short')).toEqual(losses('whole'));
    expect(losses('whole')[0]).toMatchObject({ step: 0 });
    for (const [i, row] of losses('whole').entries()) {
      expect('trainEstimate' in (row as object), `row ${i}`).toBe(i % 2 === 0);
    }
    const [whole, short] = ['whole', 'short'].map((name) =>
      readFileSync(join(pathOf(name), 'model.safetensors')),
    );
    expect(short.equals(whole)).toBe(true);
    expect(await json('verify', pathOf('whole'))).toMatchObject({ isSame: true });
    expect(await errorOf(2, 'train', '--resume', pathOf('whole'), '--val-interval', '7')).toContain(
      '--val-interval is 10, not 7',
    );
  });

  it('keeps its tokens in a file, by which it goes on without its text', async () => {
    const file = pathOf('moving.txt');
    writeFileSync(file, korean);
    await train('kept', '--data', file, '--token-file', '--max-steps', '20');
    expect(existsSync(join(pathOf('kept'), 'text.tokens'))).toBe(true);
    rmSync(file);
    await succeed('train', '--resume', pathOf('kept'), '--max-steps', '40');
    await train('plain', '--data', pathOf('korean.txt'));
    const models = ['kept', 'plain'].map((name) => join(pathOf(name), 'model.safetensors'));
    expect(readFileSync(models[0]).equals(readFileSync(models[1]))).toBe(true);
    await succeed('evaluate', '--run-dir', pathOf('kept'));

    writeFileSync(join(pathOf('kept'), 'text.tokens'), 'no tokens');
    expect(await errorOf(2, 'train', '--token-file')).toMatch(
      /^--token-file is for --examples blocks; got --examples lines/,
    );
    const error = await errorOf(1, 'evaluate', '--run-dir', pathOf('kept'), '--quiet');
    expect(error).toContain('name the text that the run was trained on by --data');
  });

  it('reads a folder, gzip and standard input as it reads a file', async () => {
    const parts = pathOf('parts');
    mkdirSync(parts);
    const half = korean.indexOf('\n', korean.length / 2) + 1;
    writeFileSync(join(parts, '2.txt'), korean.slice(half));
    writeFileSync(join(parts, '1.txt'), korean.slice(0, half));
    writeFileSync(pathOf('korean.gz'), gzipSync(korean));
    await train('file', '--data', pathOf('korean.txt'));
    await train('folder', '--data', parts);
    await train('gzip', '--data', pathOf('korean.gz'));
    const flags = ['--data', '-', '--run-dir', pathOf('stdin'), '--examples', 'blocks', ...SIZES];
    const child = start(['train', ...flags]);
    child.stdin.end(korean);
    expect((await ended(child)).status).toBe(0);
    const [file, ...others] = ['file', 'folder', 'gzip', 'stdin'].map((name) =>
      readFileSync(join(pathOf(name), 'model.safetensors')),
    );
    for (const other of others) expect(other.equals(file)).toBe(true);
    expect(await errorOf(1, 'verify', pathOf('stdin'))).toBe(
      `the text of ${pathOf('stdin')} came by standard input, which can't be read again; name the text that the run was trained on by --data`,
    );
  });

  it('measures its text’s entropy, and another text', async () => {
    const found = await json('entropy', '--model', pathOf('whole'), '--order', '2');
    expect(found).toMatchObject({ model: { type: 'mlp' } });
    writeFileSync(pathOf('other.txt'), korean.slice(0, 500));
    const other = ['--run-dir', pathOf('whole'), '--data', pathOf('other.txt')];
    expect(await json('evaluate', ...other)).toMatchObject({ part: 'all' });
    writeFileSync(pathOf('latin.txt'), 'abc\n'.repeat(50));
    const latin = ['--run-dir', pathOf('whole'), '--data', pathOf('latin.txt')];
    expect(await errorOf(1, 'evaluate', ...latin)).toMatch(/got 'a' .*train a model on a text/);
  });

  it('isn’t denoised, which corrects lines', async () => {
    expect(await errorOf(1, 'denoise', '--model', pathOf('whole'))).toContain(
      'denoise corrects lines, one at a time',
    );
  });
});

describe('samples', () => {
  const sample = (...flags: string[]): Promise<Ended> =>
    succeed('sample', '--run-dir', pathOf('whole'), ...flags);

  it('of one text are the same shown as it is drawn and in a document', async () => {
    const flags = ['--max-length', '40', '--prompt', '그는\n'];
    const { stdout } = await sample(...flags);
    const document = await json('sample', '--run-dir', pathOf('whole'), ...flags);
    expect(document['texts']).toEqual([stdout.slice(0, -1)]);
    expect(stdout.startsWith('그는\n')).toBe(true);
    const [{ tokens, logProbabilities }] = document['drawn'] as Record<string, unknown[]>[];
    expect(`그는\n${tokens.join('')}`).toBe(stdout.slice(0, -1));
    expect(logProbabilities).toHaveLength(40);
    expect(logProbabilities.every((value) => Number(value) < 0)).toBe(true);
  });

  it('begin as a file says, end where they should, and are compared with the training text', async () => {
    writeFileSync(pathOf('prompt.txt'), korean.slice(0, 60));
    const begun = await sample('--prompt-file', pathOf('prompt.txt'), '--max-length', '5');
    expect(begun.stdout.startsWith(korean.slice(0, 60))).toBe(true);
    expect(Array.from(begun.stdout)).toHaveLength(60 + 5 + 1);
    writeFileSync(pathOf('windows.txt'), korean.slice(0, 60).replaceAll('\n', '\r\n'));
    const same = await sample('--prompt-file', pathOf('windows.txt'), '--max-length', '5');
    expect(same.stdout).toBe(begun.stdout);
    expect(begun.stderr).toMatch(
      /^the longest stretch copied from the training text has \d characters?\n$/,
    );
    const { stdout } = await sample('--max-length', '300', '--end', '\n');
    expect(stdout.trimEnd()).not.toContain('\n');
    const longer = await sample('--max-length', '300', '--end', 'none');
    expect(Array.from(longer.stdout)).toHaveLength(301);
    expect(longer.stderr).toMatch(
      /^\d+ of [1-9]\d* whole lines stand in the training text; the longest stretch copied from it has/,
    );
    expect(longer.stdout.startsWith(stdout.slice(0, -1))).toBe(true);
  });
});

it('compares what was drawn behind a prompt that is composed', async () => {
  writeFileSync(pathOf('cafe.txt'), 'un café, deux cafés\n'.repeat(40));
  const flags = ['--data', pathOf('cafe.txt'), '--normalize', 'nfc', '--max-steps', '2'];
  await succeed('train', '--run-dir', pathOf('nfc'), '--examples', 'blocks', ...flags);
  const prompt = ['--prompt', 'caf\u0065\u0301', '--max-length', '1'];
  const { texts, inTraining } = await json('sample', '--run-dir', pathOf('nfc'), ...prompt);
  expect(String(texts)).toMatch(/^caf\u00e9.$/su);
  expect(inTraining).toMatchObject({ longest: 1 });
});

it('hints at blocks where a text of lines looks like prose', async () => {
  for (const [file, isProse] of [
    ['korean.txt', true],
    ['code.ts', true],
    ['names', false],
  ] as const) {
    const data = file === 'names' ? file : pathOf(file);
    const { stderr } = await llm101('data', '--data', data);
    expect(stderr.includes('--examples blocks'), file).toBe(isProse);
  }
});
