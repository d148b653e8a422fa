// `llm101 compress` and `llm101 decompress`, as they are called.
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadText } from '@llm101/data';
import { codecNetwork, compressFile, decompressFile } from '@llm101/inference';
import { writeContainer } from '@llm101/info-theory';
import { openModel } from '@llm101/runs';
import { compile, startBackend } from '@llm101/wasm';
import { expectClose } from '@tools/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder, errorOf, succeed } from './llm101.js';

const runs = mkdtempSync(join(tmpdir(), 'llm101-runs-'));
const [mlp, waveNet] = ['mlp', 'wavenet'].map((name) => join(runs, name));
const names = join(runs, 'names.txt');
const train = ['train', '--val-interval', '0', '--sample-interval', '0', '--quiet'];

beforeAll(async () => {
  const { text } = await loadText('names');
  writeFileSync(names, `${text}zoe\n`); // of the run's own text only the validation lines would be evaluated
  await succeed(...train, '--max-steps', '1500', '--run-dir', mlp);
  const sizes = ['--model', 'wavenet', '--d-hidden', '8', '--depth', '2', '--dropout', '0.1'];
  await succeed(...train, '--max-steps', '150', ...sizes, '--run-dir', waveNet);
});
afterAll(() => rmSync(runs, { recursive: true, force: true }));

const json = async (...args: string[]): Promise<Record<string, unknown>> =>
  JSON.parse((await succeed(...args, '--json')).stdout) as Record<string, unknown>;

describe('a text that is compressed', () => {
  it.each([
    ['an MLP', ['--model', mlp]],
    ['a WaveNet', ['--model', waveNet]],
  ])("comes back, and takes the bits of the model's cross-entropy: %s", async (_, model) => {
    const folder = emptyFolder();
    const [packed, back] = ['packed', 'back'].map((name) => join(folder, name));
    const made = await json('compress', names, '-o', packed, ...model);
    const { bitsPerCharacter } = await json('evaluate', '--run-dir', model[1], '--data', names);
    expectClose(Number(made['modelBitsPerSymbol']), Number(bitsPerCharacter), { relative: 1e-3 });
    expectClose(Number(made['codeBitsPerSymbol']), Number(bitsPerCharacter), { relative: 1e-3 });
    expect(made).toMatchObject({
      characters: 58_959,
      compressedBytes: readFileSync(packed).length,
      escapes: 0,
      programs: { 'gzip -9': expect.any(Number), 'brotli -11': expect.any(Number) },
      entropies: [expect.any(Number), expect.any(Number), expect.any(Number), expect.any(Number)],
    });
    const opened = await json('decompress', packed, '-o', back, ...model);
    expect(opened).toMatchObject({ bytes: 58_959, isVerified: true });
    expect(readFileSync(back)).toEqual(readFileSync(names));
    expect(readdirSync(folder).sort()).toEqual(['back', 'packed']);
  });

  it('is read by whoever has the model, without the command, and back', async () => {
    await startBackend();
    const folder = emptyFolder();
    const [text, packed, back] = ['text', 'packed', 'back'].map((name) => join(folder, name));
    const bytes = readFileSync(names).subarray(0, 5000);
    writeFileSync(text, bytes);
    const file = new Uint8Array(readFileSync(join(waveNet, 'model.safetensors')));
    const network = codecNetwork(openModel(file), { file, compile });
    for (const mix of [[], ['--mix']]) {
      await succeed('compress', text, '-o', packed, '--model', waveNet, ...mix);
      const made = compressFile(bytes, { network, mix: mix.length > 0 });
      expect(Buffer.from(made.file)).toEqual(readFileSync(packed));
      const opened = await decompressFile(readFileSync(packed), { network: async () => network });
      expect(Buffer.from(opened)).toEqual(Buffer.from(bytes));
      await succeed('decompress', packed, '-o', back, '--model', waveNet);
      expect(readFileSync(back)).toEqual(Buffer.from(bytes));
    }
  });

  it('gets smaller mixed, and needs no model online', async () => {
    const folder = emptyFolder();
    const [text, packed, back] = ['text', 'packed', 'back'].map((name) => join(folder, name));
    writeFileSync(text, readFileSync(names).subarray(0, 12_000));
    const sizes: number[] = [];
    for (const [model, mix] of [
      [['--model', mlp], []],
      [['--model', mlp], ['--mix']],
      [[], []],
    ]) {
      const { stdout } = await succeed('compress', text, '-o', packed, ...model, ...mix);
      expect(stdout).toMatch(/^compressed +[\d,]+ +\d\.\d{3}\n/m);
      expect(stdout).toMatch(/^order-3 entropy +[\d,]+ +\d\.\d{3}\n/m);
      const { stdout: restored } = await succeed('decompress', packed, '-o', back, ...model);
      expect(restored).toMatch(/^\S+: 12,000 bytes, verified by their checksum/);
      expect(readFileSync(back)).toEqual(readFileSync(text));
      sizes.push(readFileSync(packed).length);
    }
    const [alone, mixed, online] = sizes;
    expect(mixed).toBeLessThan(0.7 * alone);
    expect(online).toBeLessThan(0.7 * alone); // the built-in names are sorted
  });

  it('may hold anything; an older result is overwritten', async () => {
    const folder = emptyFolder();
    const [file, packed, back] = ['file', 'packed', 'back'].map((name) => join(folder, name));
    writeFileSync(file, Buffer.from('Zoë\r\n\0👍', 'utf8'));
    for (const path of [packed, back]) writeFileSync(path, 'older');
    const { stdout } = await succeed('compress', file, '-o', packed, '--model', mlp);
    expect(stdout).toMatch(/\n9 bytes are of characters that the model doesn't know\n$/);
    await succeed('decompress', packed, '-o', back, '--model', mlp);
    expect(readFileSync(back)).toEqual(readFileSync(file));
    writeFileSync(file, '');
    expect(await json('compress', file, '-o', packed)).toMatchObject({ bitsPerCharacter: null });
    await succeed('decompress', packed, '-o', back);
    expect(readFileSync(back)).toHaveLength(0);
  });

  it('is written where a link leads', async () => {
    const folder = emptyFolder();
    const [file, target, link] = ['file', 'target', 'link'].map((name) => join(folder, name));
    writeFileSync(file, 'emma\n');
    writeFileSync(target, 'older');
    symlinkSync(target, link);
    await succeed('compress', file, '-o', link);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, 'latin1')).toMatch(/^L101/);
  });
});

describe('what is refused', () => {
  it('another model, none, a file that was cut, altered or made by others', async () => {
    const folder = emptyFolder();
    const [packed, back] = ['packed', 'back'].map((name) => join(folder, name));
    const text = join(folder, 'text');
    writeFileSync(text, 'emma\nolivia\n');
    writeFileSync(back, 'older');
    await succeed('compress', text, '-o', packed, '--model', mlp);
    const open = ['decompress', packed, '-o', back];
    expect(await errorOf(1, ...open)).toMatch(
      /packed can't be decompressed: it needs the model that made it \(sha256 [0-9a-f]{32}…\); name its run with --model$/,
    );
    expect(await errorOf(1, ...open, '--model', waveNet)).toMatch(/made with another model/);
    const file = readFileSync(packed);
    writeFileSync(packed, file.subarray(0, -3));
    expect(await errorOf(1, ...open, '--model', mlp)).toMatch(/its checksum is wrong; it was cut/);
    file[file.length - 6] ^= 4;
    writeFileSync(packed, file);
    expect(await errorOf(1, ...open, '--model', mlp)).toMatch(/its checksum is wrong; it was cut/);
    writeFileSync(packed, 'PK\u0003\u0004');
    expect(await errorOf(1, ...open)).toMatch(/it must begin with 'L101'; this is another file/);
    expect(readFileSync(back, 'utf8')).toBe('older');
    expect(readdirSync(folder).sort()).toEqual(['back', 'packed', 'text']);
  });

  it('a file that promises more than it may hold, before any work', async () => {
    const folder = emptyFolder();
    const [packed, back] = ['packed', 'back'].map((name) => join(folder, name));
    const open = ['decompress', packed, '-o', back];
    const promise = (model: string, length: number): void =>
      writeFileSync(
        packed,
        writeContainer({
          coder: 'arithmetic',
          model,
          length,
          checksum: 0,
          payload: new Uint8Array(8000),
        }),
      );
    for (const model of ['mixing 1', 'mixing 2', `network 2 sha256:${'a'.repeat(32)}`]) {
      promise(model, 2 ** 32 - 1);
      expect(await errorOf(1, ...open)).toMatch(
        /its 8,0\d\d bytes say that they hold 4,294,967,295, more than 67,108,864; no file can hold more than 2,147,483,648$/,
      );
      promise(model, 100_000_000);
      expect(await errorOf(1, ...open)).toMatch(
        /hold 100,000,000, more than 67,108,864; if you trust it, allow them with --max-size 100000000$/,
      );
      promise(model, 1001);
      expect(await errorOf(1, ...open, '--max-size', '1000')).toMatch(
        /hold 1,001, more than 1,000;/,
      );
    }
    promise('mixing 2', 2 ** 31);
    expect(await errorOf(1, ...open, '--max-size', String(2 ** 31))).toMatch(
      /can't hold the 2147483648 characters that it says it does$/,
    );
    for (const size of ['-1', '1e3', '2147483649', 'x', '']) {
      expect(await errorOf(2, ...open, `--max-size=${size}`)).toMatch(
        /It must be a whole number of bytes, up to 2147483648/,
      );
    }
    expect(readdirSync(folder)).toEqual(['packed']);
  });

  it('a folder where nothing can be written, a file that is not there, a model that is none', async () => {
    const folder = emptyFolder();
    const text = join(folder, 'text');
    mkdirSync(join(folder, 'folder'));
    writeFileSync(text, 'emma\n');
    const compress = ['compress', text, '-o'];
    const remedy = /can't be written: .*; choose another path with --output$/;
    for (const path of [join(folder, 'folder'), join(folder, 'no', 'where'), text, '/dev/null']) {
      expect(await errorOf(1, ...compress, path)).toMatch(remedy);
    }
    expect(readFileSync(text, 'utf8')).toBe('emma\n');
    const packed = join(folder, 'packed');
    expect(await errorOf(1, 'compress', join(folder, 'none'), '-o', packed)).toMatch(
      /none can't be read: there is no such file or folder; name the file to read$/,
    );
    expect(await errorOf(1, ...compress, packed, '--model', folder)).toMatch(
      /there is no model to read at .*; name the folder of a run$/,
    );
    expect(await errorOf(2, ...compress, packed, '--mix')).toMatch(/--mix must come with a model/);
    for (const paths of [
      ['-', '-o', packed],
      ['', '-o', packed],
      [text, '-o', '-'],
    ]) {
      expect(await errorOf(2, 'compress', ...paths)).toMatch(
        /must be the path of a file; a pipe has none/,
      );
    }
    expect(await errorOf(2, 'compress', text)).toMatch(/required option '-o, --output <file>'/);
    expect(readdirSync(folder).sort()).toEqual(['folder', 'text']);
  });
});
