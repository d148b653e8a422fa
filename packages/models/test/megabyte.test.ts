// What MEGABYTE does beside its figures, which networks.test.ts has.
import { tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { compile, startBackend } from '@llm101/wasm';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { Megabyte, sample, stateDict, type MegabyteSizes } from '../src/index.js';

beforeAll(() => startBackend());

const level = { layers: 1, heads: 2, hidden: 6 };
const make = (sizes: Partial<MegabyteSizes> = {}): Megabyte =>
  new Megabyte(
    { vocabSize: 7, patchSize: 3, patches: 3, channels: 4, global: level, local: level, ...sizes },
    Generator.seeded(101),
  );
const row = [3, 1, 6, 0, 2, 2, 5, 4, 1];
const each = (model: Megabyte, tokens: number[]): Float32Array =>
  tidy(() => model.sequenceLogits(tensor2d([tokens], undefined, 'int32')).dataSync<'float32'>());

/** The same products of the same numbers; where they lie may change the kernel that adds them up. */
const SAME = { absolute: 1e-6 };

describe('Megabyte', () => {
  it("has the names of the course's class", () => {
    const names = Object.keys(stateDict(make()));
    expect(names.slice(0, 4)).toEqual([
      'global_model.token_embedding.weight',
      'global_model.positional_embedding.weight',
      'global_model.layers.0.layer_norm1.weight',
      'global_model.layers.0.layer_norm1.bias',
    ]);
    expect(names).toContain('local_model.layers.0.self_attention.query.weight');
    expect(names.at(-1)).toBe('local_model.linear.weight');
  });

  it('scores the end of a row of any length as within a longer one', () => {
    const model = make();
    const whole = each(model, row);
    for (let length = 1; length <= row.length; length++) {
      const short = row.slice(0, length);
      expectClose(each(model, short), whole.subarray(0, length * 7), SAME);
      const last = tidy(() => model.logits(tensor2d([short], undefined, 'int32')).dataSync());
      expectClose(last, whole.subarray((length - 1) * 7, length * 7), SAME);
    }
  });

  it('sees every token before a position, and none after it', () => {
    const model = make();
    const before = each(model, row);
    for (let t = 0; t < row.length; t++) {
      const changed = each(
        model,
        row.map((token, i) => (i === t ? (token + 1) % 7 : token)),
      );
      const differs = row.map((_, i) =>
        changed.subarray(i * 7, i * 7 + 7).some((score, j) => score !== before[i * 7 + j]),
      );
      // A patch begins with what the global model gives, which has read its first token.
      expect(differs).toEqual(row.map((_, i) => i >= t));
    }
  });

  it('scores the same as a stream, token by token and in one go, compiled in kernels alone', () => {
    const model = make();
    const rows = [row, row.toReversed()];
    const whole = rows.map((tokens) => each(model, tokens));
    const stream = model.stream?.(2);
    if (stream?.read === undefined) throw new Error('no stream');
    const next = compile((tokens: Tensor1D, at: Tensor1D) => stream.next(tokens, at));
    const read = compile(
      (tokens: Tensor2D, lengths: Tensor1D) => stream.read?.(tokens, lengths) ?? tokens,
    );
    const at = (t: number, found: ArrayLike<number>): void => {
      const expected = whole.flatMap((scores) => Array.from(scores.subarray(t * 7, (t + 1) * 7)));
      expectClose(found, expected, SAME);
    };
    for (let t = 0; t < 9; t++) {
      at(t, next.read(tensor1d([rows[0][t], rows[1][t]], 'int32'), tensor1d([t, t], 'int32')));
    }
    const begun = tensor2d([rows[0].slice(0, 5), rows[1].slice(0, 5)], undefined, 'int32');
    at(4, read.read(begun, tensor1d([5, 5], 'int32')));
    at(5, next.read(tensor1d([rows[0][5], rows[1][5]], 'int32'), tensor1d([5, 5], 'int32')));
    const uneven = [
      [0, 0, ...rows[0].slice(0, 3)],
      [0, ...rows[1].slice(0, 4)],
    ];
    const ends = read.read(tensor2d(uneven, undefined, 'int32'), tensor1d([3, 4], 'int32'));
    const third = whole[0].subarray(2 * 7, 3 * 7);
    expectClose(ends, [...third, ...whole[1].subarray(3 * 7, 4 * 7)], SAME);
    expect(next.program?.stats.fallbacks).toEqual({});
    expect(read.program?.stats.fallbacks).toEqual({});
    next.dispose();
    read.dispose();
    stream.dispose();
  });

  it('reads windows where rows are filled on their left', () => {
    const model = make({ separated: true });
    expect(model.padsContexts).toBe(true);
    expect(model.stream).toBeUndefined();
  });

  it('draws tokens, and leaves no tensor behind', async () => {
    const model = make({ dropout: 0.5 });
    await expectNoLeak(() => {
      const options = { count: 2, generator: Generator.seeded(1), maxLength: 12 } as const;
      const drawn = sample(model, { ...options, endToken: 'none' });
      expect(drawn.map(({ length }) => length)).toEqual([12, 12]);
      tidy(() => void model.logits(tensor2d([row], undefined, 'int32'), 'training'));
    });
  });

  it.each<[Partial<MegabyteSizes>, string]>([
    [{ patchSize: 1 }, 'Megabyte: patchSize must be at least 2; got 1'],
    [{ padToken: 7 }, 'Megabyte: padToken must be a token from 0 to 6; got 7'],
    [{ channels: 3 }, 'Megabyte: heads must divide the 9 channels; got 2'],
    [{ dropout: 1 }, 'Dropout: rate must be from 0 to below 1; got 1'],
  ])('refuses %o', (sizes, message) => {
    expect(() => make(sizes)).toThrow(message);
  });

  it('refuses rows that are too long', () => {
    expect(() => each(make(), [...row, 1])).toThrow(
      'Megabyte: tokens must have shape [B, T] with T up to 9; got [1, 10]',
    );
  });
});
