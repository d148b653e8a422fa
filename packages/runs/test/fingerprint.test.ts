// What tells runs apart: hashes of weights, settings and first losses, the same wherever they are computed.
import { createHash } from 'node:crypto';
import { stateDict } from '@llm101/models';
import { Generator } from '@llm101/random';
import { compile, startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  defaultSettings,
  encodeFingerprint,
  fingerprintOf,
  hashFingerprint,
  hashSettings,
  makeModel,
  modelConfigOf,
  openModel,
  readModel,
  type Run,
  runTraining,
  tensorsSha256,
  weightsSha256,
} from '../src/index.js';
import type { Fingerprint, RunTrainingOptions, Settings } from '../src/index.js';

beforeAll(() => startBackend());

const sha256 = (...parts: readonly (string | Uint8Array)[]): string =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');

const text = 'anna\nberta\ncarla\ndora\nemma\nfrieda\ngerda\nhanna\nida\njulia\n';
const options: RunTrainingOptions = {
  compile,
  samples: 0,
  loadText: async () => ({ name: 'names', text, characters: text.length, sha256: sha256(text) }),
};
const small: Settings = {
  ...defaultSettings,
  dEmbed: 4,
  dHidden: 8,
  lr: 0.1,
  maxSteps: 110,
  valInterval: 0,
};

describe('the hash of weights', () => {
  it('is that of their names, types, shapes and bytes, in the order of names', () => {
    const b = { dtype: 'F32', shape: [2], data: Float32Array.of(1, -0) } as const;
    const a = { dtype: 'I64', shape: [], data: BigInt64Array.of(7n) } as const;
    const expected = sha256(
      'a I64 []\n',
      Uint8Array.of(7, 0, 0, 0, 0, 0, 0, 0),
      'b F32 [2]\n',
      Uint8Array.of(0, 0, 0x80, 0x3f, 0, 0, 0, 0x80),
    );
    expect(tensorsSha256({ b, a })).toBe(expected);
    expect(tensorsSha256({ a, b })).toBe(expected);
    expect(tensorsSha256({ a, b: { ...b, data: Float32Array.of(1, 0) } })).not.toBe(expected);
    expect(tensorsSha256({ a, b: { ...b, shape: [1, 2] } })).not.toBe(expected);
  });

  it('reads what it is told of, where it is part of a longer buffer', () => {
    const data = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
    const whole = { x: { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) } } as const;
    expect(tensorsSha256({ x: { dtype: 'F32', shape: [2], data } })).toBe(tensorsSha256(whole));
  });

  it('is that of PyTorch’s names: buffers count, and one number more or less', () => {
    const config = modelConfigOf({ ...small, batchNorm: true }, 9);
    const model = makeModel(config, Generator.seeded(1));
    expect(weightsSha256(model)).toBe(tensorsSha256(stateDict(model)));
    const { length } = Object.keys(stateDict(model));
    expect(length).toBeGreaterThan([...model.namedParameters()].length);
    model.dispose();
  });
});

describe('the fingerprint of a run', () => {
  it('has its first losses, and the weights of the model that it gives', async () => {
    const losses: number[] = [];
    const { fingerprint, model, settings } = await runTraining(small, {
      ...options,
      listeners: [(event) => event.type === 'step' && losses.push(event.batchLoss)],
    });
    expect(fingerprint).toEqual({
      dataSha256: sha256(text),
      settingsSha256: hashSettings(settings),
      arithmetic: 'compiled',
      losses: losses.slice(0, 100),
      weights: { step: 110, sha256: tensorsSha256(readModel(model).tensors) },
    });
    const opened = openModel(model);
    expect(weightsSha256(opened.model)).toBe(fingerprint.weights?.sha256);
    opened.model.dispose();
    const again = await runTraining({ ...small, logInterval: 7, workers: 1 }, options);
    expect(again.fingerprint).toEqual(fingerprint);
    const other = await runTraining({ ...small, seed: 102 }, options);
    expect(other.fingerprint.weights?.sha256).not.toBe(fingerprint.weights?.sha256);
    expect(other.fingerprint.settingsSha256).not.toBe(fingerprint.settingsSha256);
  });

  it('has no weights before the run is over', async () => {
    const found: (Fingerprint | undefined)[] = [];
    const between = ({ step }: { readonly step: number }, run: Run) => {
      if (step === 2) found.push(fingerprintOf(run));
      return undefined;
    };
    await runTraining({ ...small, maxSteps: 3 }, { ...options, between });
    expect(found).toHaveLength(1);
    expect(found[0]?.losses).toHaveLength(2);
    expect(found[0]).not.toHaveProperty('weights');
  });

  it('is of the weights of the best validation, where a patience keeps them', async () => {
    const patient: Settings = { ...small, lr: 0.3, valInterval: 5, patience: 2, valSize: 0.3 };
    const { fingerprint, outcome, model } = await runTraining(patient, options);
    expect(outcome.best).toBeDefined();
    expect(fingerprint.weights).toEqual({
      step: outcome.best?.step,
      sha256: tensorsSha256(readModel(model).tensors),
    });
  });

  it('is sealed by a hash, which one of 0.1.0 has too', () => {
    const old = { dataSha256: 'd', settingsSha256: 's', losses: [1.5, 2] };
    expect(hashFingerprint(old)).toBe(sha256(JSON.stringify(['d', 's', [1.5, 2]])));
    const rounded = { ...old, arithmetic: 'compiled' };
    expect(hashFingerprint(rounded)).toBe(sha256(JSON.stringify(['d', 's', 'compiled', [1.5, 2]])));
    const whole = { ...rounded, weights: { step: 7, sha256: 'w' } };
    const seal = sha256(JSON.stringify(['d', 's', 'compiled', [1.5, 2], [7, 'w']]));
    expect(hashFingerprint(whole)).toBe(seal);
    expect(JSON.parse(encodeFingerprint(whole))).toEqual({ fingerprint: seal, ...whole });
  });
});
