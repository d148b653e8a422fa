// Initial values of the lecture's models and their first figures, against PyTorch 1.13.
import { startBackend } from '@llm101/wasm';
import { Generator } from '@llm101/random';
import { expectClose, lectureReference } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { CNN, MLP, countParameters } from '../src/index.js';

beforeAll(() => startBackend());

const reference = lectureReference();
const why = reference === undefined ? ' (skipped: ../shared/reference is not here)' : '';
const cases = reference?.cases.filter(({ optimizer }) => optimizer === 'sgd') ?? [];

describe.skipIf(reference === undefined)(`PyTorch's initial values${why}`, () => {
  it.each(cases)('$model, context $context_size, embedding $d_embed', (given) => {
    const sizes = {
      vocabSize: given.vocab_size,
      contextSize: given.context_size,
      dEmbed: given.d_embed,
      dHidden: given.d_hidden,
    };
    const Model = { mlp: MLP, cnn: CNN }[given.model];
    const model = new Model(sizes, Generator.seeded(101));
    expect(countParameters(model)).toBe(given.parameters);
    const parameters = model.namedParameters();
    expect([...parameters.keys()]).toEqual(Object.keys(given.init));
    for (const [name, expected] of Object.entries(given.init)) {
      const parameter = parameters.get(name);
      const values = parameter?.dataSync<'float32'>() ?? new Float32Array();
      expect(parameter?.shape, name).toEqual(expected.shape);
      expect([...values.subarray(0, expected.first.length)], name).toEqual(expected.first);
      const sum = values.reduce((total, value) => total + value, 0);
      const absolute = values.reduce((total, value) => total + Math.abs(value), 0);
      // The sums were taken in double there as here; the bound is for their order.
      expectClose([sum, absolute], [expected.sum, expected.abs_sum], { absolute: 1e-9 });
    }
    model.dispose();
  });
});
