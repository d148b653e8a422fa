// Figures of PyTorch 2.13.0 (CPU) and NumPy 2, seed 101; hashes are SHA-256 of the little-endian bytes.
import { createHash } from 'node:crypto';
import { expectClose } from '@tools/testing';
import { describe, expect, it } from 'vitest';
import {
  Generator,
  normal,
  permutation,
  rand,
  randomInt64,
  randperm,
  uniform,
} from '../src/index.js';

const seeded = (): Generator => Generator.seeded(101);
const sha256 = (values: Float32Array | Int32Array): string =>
  createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex');

describe('MT19937', () => {
  it('gives the published outputs for its usual seed', () => {
    const generator = Generator.seeded(5489);
    expect([1, 2, 3].map(() => generator.nextUint32())).toEqual([
      3499211612, 581869302, 3890346734,
    ]);
  });
  it('gives the published 10,000th output', () => {
    const generator = Generator.seeded(5489);
    for (let i = 1; i < 10_000; i++) generator.nextUint32();
    expect(generator.nextUint32()).toBe(4123659995);
  });
});

describe('rand', () => {
  it('equals torch.rand', () => {
    expect([...rand(seeded(), 5)]).toEqual([
      0.19804948568344116, 0.45028752088546753, 0.0909014344215393, 0.8871959447860718,
      0.28940194845199585,
    ]);
    expect(sha256(rand(seeded(), 10_000))).toBe(
      '5f1ab70b57d174831eb6f10b30390c0c87548d87833bba1dcbc6c9af9e9d72a1',
    );
  });
  it('takes the low 32 bits of a large seed, as torch.manual_seed(2**40 + 101) does', () => {
    expect(rand(Generator.seeded(2 ** 40 + 101), 2)).toEqual(rand(seeded(), 2));
  });
  it('equals torch.rand in float64', () => {
    const generator = seeded();
    expect([1, 2, 3].map(() => generator.nextDouble())).toEqual(
      [0.5843961489392212, 0.7272119296476169, 0.3152160570371717].map((value) =>
        expect.closeTo(value, 15),
      ),
    );
  });
});

describe('uniform', () => {
  it('equals tensor.uniform_ with one rounding', () => {
    expect([...uniform(seeded(), 5, { low: -0.3, high: 0.7 })]).toEqual([
      -0.10195052623748779, 0.15028750896453857, -0.20909857749938965, 0.5871959328651428,
      -0.010598063468933105,
    ]);
    expect(sha256(uniform(seeded(), 100_000, { low: -0.0883883, high: 0.0883883 }))).toBe(
      '8b328880e5df89c865f7ac5fa7217503a6740ebea6f2a2ac4e5e1ac72885cb0e',
    );
  });
});

describe('normal', () => {
  // One unit in the last place: logarithm and cosine in double are those of the engine, not of libm.
  const tolerance = { relative: 1.2e-7 };
  it('equals tensor.normal_ below 16 values, keeping the second of a pair', () => {
    const generator = seeded();
    expectClose(
      normal(generator, 5),
      [
        -1.3905061483383179, -0.8152379989624023, -0.3204376995563507, 0.7377384901046753,
        -1.753363013267517,
      ],
      tolerance,
    );
    expectClose(
      normal(generator, 4),
      [0.603293240070343, -0.25195595622062683, -0.4373176097869873, -0.572774350643158],
      tolerance,
    );
    expect(rand(generator, 1)[0]).toBe(0.8822634816169739);
  });
  it('equals tensor.normal_ on one block of 16', () => {
    expect([...normal(seeded(), 16)]).toEqual([
      -0.6027625203132629, -0.12083420902490616, -0.4322635531425476, 1.8810529708862305,
      -0.7158249616622925, 0.0025676365476101637, 0.20559841394424438, 0.5626190304756165,
      0.2794531583786011, -1.0872529745101929, 0.06125125661492348, 0.9087603092193604,
      -0.41339001059532166, -0.19371147453784943, -2.182555913925171, 0.7185060977935791,
    ]);
  });
  it('draws the last 16 again when the length is no multiple of 16', () => {
    expect([...normal(seeded(), 21)]).toEqual([
      -0.6027625203132629, -0.12083420902490616, -0.4322635531425476, 1.8810529708862305,
      -0.7158249616622925, 0.11430194973945618, -0.5579925179481506, 0.30658021569252014,
      -1.00229012966156, -0.5726074576377869, -0.4914449155330658, -0.2580105662345886,
      -0.4303287863731384, -0.9620568752288818, 0.061467863619327545, -0.9059759974479675,
      0.8110078573226929, 1.081820011138916, -0.02594636008143425, 0.3773616850376129,
      -0.4151667058467865,
    ]);
  });
  it('equals tensor.normal_ on many blocks, bit for bit', () => {
    expect(sha256(normal(seeded(), 10_000))).toBe(
      'a45f39b4f8785149ee1de0d3516335ea612b4b761458288df6911d42a5acbca6',
    );
    expect(sha256(normal(seeded(), 10_000, { mean: 2, std: 0.5 }))).toBe(
      '7f9290c2f019e78e4b87ae1ff102589cc9912179185cf1b0d2454fe53b8389ac',
    );
  });
});

describe('orders and whole numbers', () => {
  it('equals torch.randperm', () => {
    expect([...randperm(seeded(), 10)]).toEqual([1, 5, 3, 0, 2, 7, 4, 6, 9, 8]);
    expect(sha256(randperm(seeded(), 205_456))).toBe(
      '51608f86599255fa01432d06ff4e09fcfc794b8c7f0144b2b0ddb2f571d87582',
    );
  });
  it('equals numpy.random.RandomState.permutation', () => {
    expect([...permutation(seeded(), 10)]).toEqual([8, 2, 0, 4, 9, 3, 5, 7, 6, 1]);
    expect(sha256(permutation(seeded(), 32_033))).toBe(
      'f162061be24a225d124b36466469a5d6b7fe952015940ed60dcfea2efa692698',
    );
  });
  it('equals tensor.random_ in int64', () => {
    const generator = seeded();
    expect([1, 2, 3].map(() => randomInt64(generator))).toEqual([
      302501347963651595n,
      1303586835433463622n,
      525256770609005143n,
    ]);
  });
});
