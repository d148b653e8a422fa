// Any bytes, compressed by a model or by themselves, and back.
import { CharTokenizer, loadText } from '@llm101/data';
import { CodecError, ngramEntropies, readContainer, writeContainer } from '@llm101/info-theory';
import { CNN, MLP, WaveNet } from '@llm101/models';
import { Generator } from '@llm101/random';
import { compile, startBackend } from '@llm101/wasm';
import { tensor, tidy } from '@tensorflow/tfjs-core';
import { expectClose, expectNoLeak } from '@tools/testing';
import { describe, expect, it, vi } from 'vitest';
import { modelOf } from './models.js';
import { Alphabet } from '../src/codec/alphabet.js';
import {
  byteEntropies,
  codecNetwork,
  compressFile,
  countCharacters,
  decompressFile,
  inspectCompressed,
  plainScores,
} from '../src/index.js';
import type { CodecNetwork } from '../src/index.js';

const watchedCompile = vi.fn<typeof compile>(compile) as typeof compile;

const PLAIN = { relaxedSimd: false };

await startBackend();

const letters = 'abcdefghijklmnopqrstuvwxyz';
const tokenizer = CharTokenizer.fromAlphabet(letters);
const sizes = { vocabSize: 27, contextSize: 8, dEmbed: 4, dHidden: 8 };
const waveNetSizes = {
  vocabSize: 27,
  channels: 6,
  depth: 2,
  blocks: 2,
  layerNorm: true,
  dropout: 0.1,
};
const seeded = (): Generator => Generator.seeded(1);

function networkOf(model: CodecNetwork['model'], digit = 'a'): CodecNetwork {
  const sha256 = digit.repeat(64);
  const scores: CodecNetwork['scores'] = (rows) =>
    plainScores(model, { rows, compile: watchedCompile });
  return { model, tokenizer, examples: 'lines', sha256, bytes: 1, scores };
}

const networks: readonly (readonly [string, CodecNetwork])[] = [
  ['mlp', networkOf(new MLP(sizes, seeded()))],
  ['cnn', networkOf(new CNN(sizes, seeded()))],
  ['wavenet', networkOf(new WaveNet(waveNetSizes, seeded()))],
];
const [, mlp] = networks[0];

/** Each method, by the file that it makes and the bytes that come back. */
const methods = [
  ['online', undefined, false] as const,
  ...networks.flatMap(([name, network]) => [
    [name, network, false] as const,
    [`${name}, mixed`, network, true] as const,
  ]),
];

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const odd: Readonly<Record<string, Uint8Array>> = {
  nothing: new Uint8Array(),
  'one character': utf8('e'),
  'one unknown character': utf8('é'),
  'one line break': utf8('\n'),
  names: utf8('emma\nolivia\nava\n'),
  'no line break at the end': utf8('emma\nolivia'),
  'line breaks of Windows': utf8('emma\r\nolivia\r\n'),
  'a byte order mark': utf8('\uFEFFemma\n'),
  'capitals, digits, emoji': utf8('Zoë 7\n👩‍👩‍👧 naïve\n'),
  'the padding and the replacement character': utf8('a.b\uFFFDc'),
  'bytes that are not UTF-8': Uint8Array.of(0xff, 0x61, 0xc3, 0x0a, 0xe2, 0x82, 0x61, 0xed, 0xa0),
  'a character cut at the end': Uint8Array.of(0x61, 0xf0, 0x9f),
  zeros: new Uint8Array(300),
  'every byte': Uint8Array.from({ length: 512 }, (_, i) => (i * 37) & 255),
  'a long line': utf8('ab'.repeat(700)),
};

describe.each(methods)('%s', (_, network, mix) => {
  it.each(Object.entries(odd))('gives back %s', async (_what, bytes) => {
    const { file } = compressFile(bytes, { network, mix });
    const back = await decompressFile(file, { network: network && (async () => network) });
    expect(back).toEqual(bytes);
  });
});

describe('a text of several lanes', async () => {
  const { text } = await loadText('names');
  const bytes = utf8(text.slice(0, 20_000));
  it.each(networks)('comes back from %s, at its cross-entropy', async (_, network) => {
    const made = compressFile(bytes, { network });
    expect(await decompressFile(made.file, { network: async () => network })).toEqual(bytes);
    expect(made.crossEntropy?.symbols).toBe(bytes.length);
    const bits = made.crossEntropy?.bits ?? 0;
    expect(8 * made.codeBytes).toBeGreaterThan(bits);
    expect(8 * made.codeBytes).toBeLessThan(1.001 * bits + 32); // the first escapes cost some bits
  });
  it('leaves no tensor behind', async () => {
    for (const [, network] of networks) {
      await expectNoLeak(() => void compressFile(bytes.subarray(0, 200), { network }));
    }
  });
});

describe('a saved model', () => {
  it('is known by the SHA-256 of its file, which a compressed file names', async () => {
    const saved = modelOf('gru', 'blocks');
    const file = utf8('abc');
    const network = codecNetwork(saved, { file, compile });
    expect(network.sha256).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    const bytes = utf8('emma\nolivia\n'.repeat(20));
    const needed = vi.fn<(sha256: string) => Promise<CodecNetwork>>(async () => network);
    for (const mix of [false, true]) {
      const made = compressFile(bytes, { network, mix }).file;
      const modelSha256 = network.sha256.slice(0, 32);
      expect(inspectCompressed(made)).toEqual({ kind: mix ? 'mixture' : 'network', modelSha256 });
      expect(await decompressFile(made, { network: needed })).toEqual(bytes);
      expect(needed).toHaveBeenLastCalledWith(modelSha256);
    }
    const alone = compressFile(bytes, {}).file;
    expect(inspectCompressed(alone)).toEqual({ kind: 'online', modelSha256: undefined });
    expect(() => inspectCompressed(file)).toThrow(CodecError);
    saved.model.dispose();
  });
  it('can be told to stop, and leaves nothing behind', async () => {
    const stop = new Error('stopped');
    const onProgress = (done: number): void => {
      if (done > 3) throw stop;
    };
    const bytes = utf8('emma\nolivia\n');
    for (const [, network] of networks) {
      await expectNoLeak(() => {
        expect(() => compressFile(bytes, { network, onProgress })).toThrow(stop);
        expect(() => compressFile(bytes, { network, mix: true, onProgress })).toThrow(stop);
      });
    }
    expect(() => compressFile(bytes, { onProgress })).toThrow(stop);
  });
});

describe('the alphabet', () => {
  it('may have characters of several bytes', () => {
    const own = CharTokenizer.fromAlphabet('aé世👍');
    const alphabet = new Alphabet(own, 'lines');
    const bytes = utf8('é世a👍\nè');
    const { symbols, escaped } = alphabet.split(bytes);
    expect([...symbols]).toEqual([2, 3, 1, 4, 0, 5, 5]);
    expect([...escaped]).toEqual([0xc3, 0xa8]);
    expect(alphabet.join(symbols, escaped)).toEqual(bytes);
  });
  it('may have a token for all other characters, which stands for its own sign alone', () => {
    const alphabet = new Alphabet(CharTokenizer.fromAlphabet('a', { unknown: 'token' }), 'lines');
    const bytes = utf8('ab\uFFFD');
    const { symbols, escaped } = alphabet.split(bytes);
    expect([...symbols]).toEqual([1, alphabet.escape, 2]);
    expect(alphabet.join(symbols, escaped)).toEqual(bytes);
  });
});

describe('the same bits everywhere', () => {
  /** Gives a model weights that no engine's mathematical functions had a part in. */
  const exact = (model: CodecNetwork['model']): CodecNetwork => {
    let n = 0;
    for (const parameter of model.parameters()) {
      const values = Float32Array.from(
        { length: parameter.size },
        () => (((n++ * 7919) % 101) - 50) / 64,
      );
      tidy(() => parameter.assign(tensor(values, parameter.shape)));
    }
    return networkOf(model);
  };
  const text = utf8('emma\nolivia\nava\nzoë\nisabella\nsophia\n'.repeat(4));

  const FILES = {
    mlp: 'TDEwMQEBMW5ldHdvcmsgMyBzaGEyNTY6YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWGUAAAAjWXkxR+7/AYgMdb6QT21PKA2lBGvQcPpnJH4ViZ8gfeZsRiwYdn/ktzGux6jgsWbF97laccxxMGZ8kaGNAFtO1kTAjkTPOJoRF49HVYnZ8my+1nt1tzFnX2hWS6OB4+W36VKyA8LBnucYmt0xLVuMeR5S/dKnTrhAg==',
    wavenet:
      'TDEwMQEBMW5ldHdvcmsgMyBzaGEyNTY6YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWGUAAAAjWXkxSJbm3Wz9x6RISzU6GaQM2P0T0lSZfOiQ53xVHobx2c7hld8sddwNlJhNCBHrP3o5C4p6rvzn3kOapn7RG5okpJ9cTDPYFypZ0g7V3HP3KLlMsq/efL466K/Bxes/j8YoiivraKl9zT6',
    'wavenet, mixed':
      'TDEwMQEBOG5ldHdvcmsrbWl4aW5nIDMgc2hhMjU2OmFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhlAAAAI1l5MXafW6w9itqcgr+GI4A+rU/lob0Uakl/b9TZAyVUEGuQg==',
    online: 'TDEwMQEBCG1peGluZyAylAAAAI1l5MWiFRT/Il+FeaHrFsGNU1ToBk69ZXk0Yke2bt1DIo0TkJk=',
  };
  /** Made when tanh and sigmoid were rounded otherwise. */
  const WAVENET_BEFORE =
    'TDEwMQEBMW5ldHdvcmsgMiBzaGEyNTY6YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWGUAAAAjWXkxSJbm3Wz9x6RISzU6GaQM2P0T0lSZfOiQ53xVHobx2c7hld8sddwNlJhNCBHrP3o5C4p6rvzn3kOapn7RG5okpJ9cTDPX/o8Z0g7V3HP3KLlMsq/efL466K/Bxes/j8YoiivraLaapYl';

  // Made by Node 20 without relaxed SIMD; the tests are run by other versions, which have it, too.
  it.each([
    ['mlp', () => new MLP(sizes, seeded()), false],
    ['wavenet', () => new WaveNet(waveNetSizes, seeded()), false],
    ['wavenet, mixed', () => new WaveNet(waveNetSizes, seeded()), true],
    ['online', undefined, false],
  ] as const)('opens a file that was made elsewhere: %s', async (name, make, mix) => {
    const network = make && exact(make());
    const file = new Uint8Array(Buffer.from(FILES[name], 'base64'));
    expect(compressFile(text, { network, mix }).file).toEqual(file);
    const options = { network: network && (async () => network) };
    expect(await decompressFile(file, options)).toEqual(text);
    // The first version remembered all of a text; of a short one it made the same code. The second rounded some functions otherwise.
    const container = readContainer(file);
    for (const version of network ? [1, 2] : [1]) {
      const model = container.model.replace(/ \d/, ` ${version}`);
      const older = writeContainer({ ...container, model });
      expect(await decompressFile(older, options)).toEqual(text);
    }
  });
  it('says which version opens a file whose network predicted otherwise', async () => {
    const file = new Uint8Array(Buffer.from(WAVENET_BEFORE, 'base64'));
    const network = exact(new WaveNet(waveNetSizes, seeded()));
    await expect(decompressFile(file, { network: async () => network })).rejects.toThrow(
      'use the version of llm101 that made it',
    );
  });
  it('takes plain SIMD for its products, also where the engine has relaxed SIMD', () => {
    const { calls } = vi.mocked(watchedCompile).mock;
    for (const [, network] of networks) {
      calls.length = 0;
      compressFile(utf8('emma\n'), { network });
      compressFile(utf8('emma\n'), { network, mix: true });
      expect(calls.map(([, options]) => options)).toMatchObject([PLAIN, PLAIN]);
    }
  });
});

describe('what is refused', () => {
  const text = utf8('emma\nolivia\nava\nisabella\nsophia\n'.repeat(3));
  const network = async (): Promise<CodecNetwork> => mlp;

  it.each(methods.slice(0, 3))(
    'any byte that changed, and any end that is missing: %s',
    async (_, of, mix) => {
      const { file } = compressFile(text, { network: of, mix });
      for (let i = 0; i < file.length; i++) {
        const altered = file.slice();
        altered[i] ^= 1 << (i % 8);
        await expect(decompressFile(altered, { network })).rejects.toThrow(CodecError);
        await expect(decompressFile(file.slice(0, i), { network })).rejects.toThrow(CodecError);
      }
    },
  );
  it.each(methods.slice(0, 3))(
    'a code that changed behind a right checksum: %s',
    async (_, of, mix) => {
      const container = readContainer(compressFile(text, { network: of, mix }).file);
      for (let i = 0; i < container.payload.length; i++) {
        const payload = container.payload.slice();
        payload[i] ^= 1 << (i % 8);
        const altered = writeContainer({ ...container, payload });
        // The last bits of a code can mean nothing.
        const outcome = await decompressFile(altered, { network }).catch((error: unknown) => error);
        expect(outcome instanceof CodecError ? text : outcome).toEqual(text);
      }
    },
  );
  it.each([
    [{ length: 2 ** 32 - 1 }, /says that it holds 4294967295 bytes/],
    [{ length: 2 ** 31 }, /can't hold the 2147483648 characters/],
    [{ length: 50_000 }, /bytes end too early/],
    [{ length: 5 }, /are left after the end|is not the file that was/],
    [{ checksum: 1 }, /is not the file that was compressed/],
    [{ model: 'network 9 sha256:1' }, /by a method that this version doesn't know, 'network 9/],
  ])('%o', async (change, message) => {
    const container = readContainer(compressFile(text, { network: mlp }).file);
    const altered = writeContainer({ ...container, ...change });
    await expect(decompressFile(altered, { network })).rejects.toThrow(message);
  });
  it('another model, or none', async () => {
    const { file } = compressFile(text, { network: mlp });
    await expect(decompressFile(file, {})).rejects.toThrow(
      /needs the model that made it \(sha256 a{32}…\); name its run with --model/,
    );
    const other = async (): Promise<CodecNetwork> => networkOf(mlp.model, 'b');
    await expect(decompressFile(file, { network: other })).rejects.toThrow(
      /was made with another model \(sha256 a{32}…\) than this one \(sha256 b{64}\)/,
    );
  });
  it('what a model of the same name predicts otherwise', async () => {
    const { file } = compressFile(text, { network: mlp });
    const changed = new MLP(sizes, Generator.seeded(2));
    await expect(decompressFile(file, { network: async () => networkOf(changed) })).rejects.toThrow(
      CodecError,
    );
  });
});

describe('how small a file is by other means', () => {
  it.each([1, 2, 3, 4, 5, 3000])('its entropies are those of n-grams: %i bytes', (length) => {
    const random = seeded();
    const bytes = Uint8Array.from({ length }, () => 250 + 6 * random.nextDouble() ** 2);
    const [, ...bits] = ngramEntropies([bytes], { size: 256, order: 4, unit: 'bits' });
    const expected = bits.map((n) => (n * length) / 8);
    expectClose(byteEntropies(bytes), expected, { absolute: 1e-9 }); // sums of up to 35,000 bits
  });
  it('counts a megabyte without a pattern', () => {
    const random = seeded();
    const bytes = Uint8Array.from({ length: 2 ** 20 }, () => 256 * random.nextDouble());
    const entropies = byteEntropies(bytes);
    expectClose(entropies[0], 2 ** 20, { relative: 1e-3 });
    expect(entropies[3]).toBeLessThan(0.01 * entropies[0]); // most stretches of three occur once
  });
  it('counts the characters of a text, and the bytes of what is none', () => {
    expect(countCharacters(utf8('naïve 👍\n'))).toBe(8);
    expect(countCharacters(Uint8Array.of(0xff, 0x61, 0xc3))).toBe(3);
    expect(countCharacters(new Uint8Array())).toBe(0);
  });
});
