// States and gates, position by position, held against the layers' own.
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { RecurrentNetwork, recurrentStates } from '../src/index.js';

beforeAll(() => startBackend());

const sizes = { vocabSize: 7, contextSize: 8, dEmbed: 3, dHidden: 4, layers: 2 };
const text = [0, 3, 1, 0, 6, 2];

describe.each(['gru', 'lstm'] as const)('the states of a %s', (cell) => {
  let model: RecurrentNetwork;
  beforeAll(() => {
    model = new RecurrentNetwork({ ...sizes, cell }, Generator.seeded(1));
  });

  it('are what the next layer and the scores are made of, and begin anew where a text does', () => {
    const layers = recurrentStates(model, text);
    expect(layers.map((layer) => layer.cell)).toEqual([cell, cell]);
    const last = layers[1].values.get('hidden') ?? new Float32Array();
    const scores = tidy(() =>
      model.sequenceLogits(tensor2d(text, [1, text.length], 'int32')).dataSync(),
    );
    const made = tidy(() => model.head.forward(tensor2d(last, [text.length, 4])).dataSync());
    expectClose(made, scores, { absolute: 1e-6 });
    const alone = recurrentStates(model, text.slice(3))[1].values.get('hidden');
    expectClose(last.slice(3 * 4), alone ?? [], { absolute: 1e-6 });
  });

  it('follow from their gates', () => {
    const [{ values }] = recurrentStates(model, text);
    const of = (name: string, t: number, h: number): number => {
      const begins = text[t + 1] === 0;
      return t < 0 || begins ? 0 : (values.get(name)?.[t * 4 + h] ?? NaN);
    };
    const at = (name: string, t: number, h: number): number => values.get(name)?.[t * 4 + h] ?? NaN;
    for (const t of text.keys()) {
      for (let h = 0; h < 4; h++) {
        if (cell === 'gru') {
          const update = at('update', t, h);
          const expected = (1 - update) * at('candidate', t, h) + update * of('hidden', t - 1, h);
          expectClose(at('hidden', t, h), expected, { absolute: 1e-6 });
        } else {
          const kept =
            at('forget', t, h) * of('cell', t - 1, h) + at('input', t, h) * at('candidate', t, h);
          expectClose(at('cell', t, h), kept, { absolute: 1e-6 });
          expectClose(at('hidden', t, h), at('output', t, h) * Math.tanh(kept), { absolute: 1e-6 });
        }
      }
    }
  });

  it('leave no tensor behind, and are of a token or more', async () => {
    await expectNoLeak(() => void recurrentStates(model, text));
    expect(() => recurrentStates(model, [])).toThrow('at least one token; got none');
    expect(() => recurrentStates(model, [0, NaN])).toThrow(
      'recurrentStates: tokens must be whole numbers from 0 on; got NaN at index 1',
    );
  });
});
