// What `llm101 compress` and `decompress` do, without the command around it.
import { CharTokenizer, loadText } from '@llm101/data';
import { CodecError, ngramEntropies, readContainer, writeContainer } from '@llm101/info-theory';
import { CNN, MLP, WaveNet } from '@llm101/models';
import { Generator } from '@llm101/random';
import { compile, startBackend } from '@llm101/wasm';
import { tensor, tidy } from '@tensorflow/tfjs-core';
import { expectClose, expectNoLeak } from '@tools/testing';
import { describe, expect, it, vi } from 'vitest';
import { Alphabet } from '../src/commands/compress/codec/alphabet.js';
import { compare } from '../src/commands/compress/codec/comparison.js';
import { compressFile } from '../src/commands/compress/codec/file-codec.js';
import { decompressFile } from '../src/commands/compress/codec/file-codec.js';
import type { Network } from '../src/commands/compress/codec/file-codec.js';

vi.mock(import('@llm101/wasm'), async (load) => {
  const wasm = await load();
  return { ...wasm, compile: vi.fn<typeof wasm.compile>(wasm.compile) as typeof wasm.compile };
});

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

function networkOf(model: Network['model'], digit = 'a'): Network {
  return { model, tokenizer, examples: 'lines', sha256: digit.repeat(64), bytes: 1 };
}

const networks: readonly (readonly [string, Network])[] = [
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
  const exact = (model: Network['model']): Network => {
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
    const { calls } = vi.mocked(compile).mock;
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
  const network = async (): Promise<Network> => mlp;

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
    const other = async (): Promise<Network> => networkOf(mlp.model, 'b');
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
    expectClose(compare(bytes).entropies, expected, { absolute: 1e-9 }); // sums of up to 35,000 bits
  });
  it('counts a megabyte without a pattern', () => {
    const random = seeded();
    const bytes = Uint8Array.from({ length: 2 ** 20 }, () => 256 * random.nextDouble());
    const { entropies } = compare(bytes);
    expectClose(entropies[0], 2 ** 20, { relative: 1e-3 });
    expect(entropies[3]).toBeLessThan(0.01 * entropies[0]); // most stretches of three occur once
  });
});
