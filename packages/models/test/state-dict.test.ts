import { memory } from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { readSafetensors, writeSafetensors } from '@llm101/safetensors';
import { startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { CNN, loadStateDict, MLP, stateDict } from '../src/index.js';

beforeAll(() => startBackend());

const sizes = { vocabSize: 5, contextSize: 4, dEmbed: 3, dHidden: 6 };
const mlp = (seed: number, dHidden = 6): MLP =>
  new MLP({ ...sizes, dHidden }, Generator.seeded(seed));

describe('state dict', () => {
  it.each([MLP, CNN])('goes through a file, bit for bit: %o', (Model) => {
    const saved = new Model(sizes, Generator.seeded(1));
    const loaded = new Model(sizes, Generator.seeded(2));
    expect(stateDict(loaded)).not.toEqual(stateDict(saved));
    loadStateDict(loaded, readSafetensors(writeSafetensors(stateDict(saved))).tensors);
    expect(stateDict(loaded)).toEqual(stateDict(saved));
  });
  it('is a copy', () => {
    const model = mlp(1);
    const state = stateDict(model);
    const before = memory().numTensors;
    loadStateDict(model, stateDict(mlp(2)));
    expect(memory().numTensors).toBe(before + 5); // the second model's own
    expect(state).toEqual(stateDict(mlp(1)));
  });
  it('changes nothing when one tensor doesn’t fit', () => {
    const model = mlp(1);
    const before = stateDict(model);
    const { 'linear2.bias': _, ...partial } = stateDict(mlp(2));
    for (const [state, message] of [
      [partial, 'loadStateDict: linear2.bias must be F32 [5]; got nothing'],
      [stateDict(mlp(2, 7)), 'linear1.weight must be F32 [6, 12]; got F32 [7, 12]'],
      [{ ...stateDict(mlp(2)), extra: before['linear2.bias'] }, 'the model has no extra'],
    ] as const) {
      expect(() => loadStateDict(model, state)).toThrow(RangeError);
      expect(() => loadStateDict(model, state)).toThrow(message);
      expect(stateDict(model)).toEqual(before);
    }
  });
});
