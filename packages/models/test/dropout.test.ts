import {
  grad,
  ones,
  scalar,
  square,
  sum,
  tensor3d,
  tidy,
  valueAndGrad,
  type Tensor,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { CausalSelfAttention, Dropout, sequential, TransformerBlock } from '../src/index.js';
import { dropoutMask } from '../src/layers/dropout.js';
import { BACKENDS, figures, useBackend } from './figures.js';

/** float32's rounding of 1 / (1 - rate). */
const ROUNDING = { relative: 1e-7 };
/** The figures have as many. */
const SEVEN_DIGITS = { relative: 5e-7 };

const make = (rate: number, seed = 1): Dropout => new Dropout(rate, Generator.seeded(seed));
/** The mask itself: what becomes of ones. */
const draw = (dropout: Dropout, shape = [40, 25]): number[] =>
  tidy(() => [...dropout.forward(ones(shape), 'training').dataSync()]);

it('hashes as the recipe in Python does', () => {
  const mask = dropoutMask({ rate: 0.3, seed: 0xdeadbeef, counter: 41, size: 40 });
  expectClose(mask, figures['dropout mask']['mask'].values, SEVEN_DIGITS);
});

describe.each(BACKENDS)('Dropout on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('has the mask of its seed and counter', () => {
    const seed = 0xdeadbeef;
    const dropout = new Dropout(0.3, seed);
    for (const counter of [0, 1, 2]) {
      expect(dropout.counter.value).toBe(counter);
      const mask = dropoutMask({ rate: 0.3, seed, counter, size: 1000 });
      expectClose(draw(dropout), mask, ROUNDING);
    }
  });
  it('keeps as many as it says, and their sum', () => {
    const kept = draw(make(0.2), [100, 200]).filter((value) => value !== 0);
    expectClose(kept.length / 20_000, 0.8, { absolute: 0.015 }); // five standard deviations
    expectClose(
      kept,
      kept.map(() => 1.25),
      ROUNDING,
    );
  });
  it('has masks of its own beside others of the same generator, the same in the same order', () => {
    const masksOf = (): number[][] => {
      const generator = Generator.seeded(3);
      const dropouts = [0.5, 0.5, 0.5].map((rate) => new Dropout(rate, generator));
      return dropouts.map((dropout) => draw(dropout));
    };
    const [first, second, third] = masksOf();
    expect(masksOf()).toEqual([first, second, third]);
    for (const [a, b] of [
      [first, second],
      [second, third],
      [first, third],
    ]) {
      const equal = a.filter((value, i) => value === b[i]).length / a.length;
      expectClose(equal, 0.5, { absolute: 0.08 }); // five standard deviations
    }
  });
  it('draws another mask at each call, and the same ones with the same seed', () => {
    const [first, again, other] = [make(0.5), make(0.5), make(0.5, 2)];
    const masks = [draw(first), draw(first)];
    expect(masks[1]).not.toEqual(masks[0]);
    expect([draw(again), draw(again)]).toEqual(masks);
    expect(draw(other)).not.toEqual(masks[0]);
  });
  it('has the mask as its gradient', () => {
    const dropout = make(0.4);
    const gradient = grad((x: Tensor) => sum(dropout.forward(x, 'training')))(ones([10, 5]));
    expectClose(gradient.dataSync(), draw(make(0.4), [10, 5]), ROUNDING);
  });
  it('changes nothing in evaluation, nor at rate 0', () => {
    const x = ones([3, 4]);
    const dropout = make(0.9);
    expect(dropout.forward(x)).toBe(x);
    expect(make(0).forward(x, 'training')).toBe(x);
    expect(dropout.counter.value).toBe(0);
  });
  it('continues where its counter is set', () => {
    const [one, other] = [sequential(make(0.5)), sequential(make(0.5))];
    const forward = (model: typeof one) =>
      tidy(() => [...model.forward(ones([50]), 'training').dataSync()]);
    forward(one);
    for (const [name, counter] of other.namedCounters()) {
      expect(name).toBe('0.counter');
      const from = one.namedCounters().get(name);
      tidy(() => counter.assign(scalar(from?.dataSync()[0] ?? NaN, 'int32')));
    }
    expect(forward(other)).toEqual(forward(one));
  });
  it('leaves no tensor behind', async () => {
    await expectNoLeak(() => {
      const dropout = make(0.5);
      draw(dropout);
      dropout.dispose();
    });
  });
  it.each([-1, 2 ** 32, 0.5, NaN])('refuses %d as a seed', (seed) => {
    expect(() => new Dropout(0.5, seed)).toThrow(
      `Dropout: a seed must be a whole number from 0 to 2^32 - 1; got ${seed}`,
    );
  });
  it.each([1, -0.1, NaN])('refuses a rate of %d', (rate) => {
    expect(() => make(rate)).toThrow(`Dropout: rate must be from 0 to below 1; got ${rate}`);
  });
});

describe('dropout of attention', () => {
  const sizes = { channels: 8, heads: 2, dropout: 0.1 };
  const input = (): Tensor3D =>
    tensor3d(
      Array.from({ length: 2 * 7 * 8 }, (_, i) => Math.sin(i)),
      [2, 7, 8],
    );
  const withDropout = (rate: number): CausalSelfAttention =>
    new CausalSelfAttention(8, 2, Generator.seeded(1), { dropout: rate });

  /** Two steps' outputs and input gradients. */
  const steps = (layer: CausalSelfAttention): number[][] =>
    [1, 2].flatMap(() =>
      tidy(() => {
        const f = (x: Tensor): Tensor => layer.forward(x as Tensor3D, 'training');
        const { value, grad: dx } = valueAndGrad((x: Tensor) => sum(square(f(x))))(input());
        return [[...value.dataSync()], [...dx.dataSync()]];
      }),
    );

  it('is the same by the kernel and composed, on two backends, and another at each step', async () => {
    await useBackend('cpu');
    const composed = steps(withDropout(0.4));
    await useBackend('wasm');
    const fused = steps(withDropout(0.4));
    for (const [i, values] of fused.entries()) {
      expectClose(values, composed[i], { absolute: 1e-5 });
    }
    expect(fused[2]).not.toEqual(fused[0]);
  });

  it('is none in evaluation and without a rate', () => {
    const [dropping, plain] = [withDropout(0.4), withDropout(0)];
    const [a, b] = [dropping, plain].map((layer) =>
      tidy(() => [...layer.forward(input()).dataSync()]),
    );
    expect(a).toEqual(b);
    expect(dropping.dropout?.counter.value).toBe(0);
    expect([...plain.namedCounters().keys()]).toEqual([]);
  });

  it('of a block has a counter of its own, and leaves the others their seeds where there is none', () => {
    const block = (attentionDropout: number): TransformerBlock =>
      new TransformerBlock({ ...sizes, attentionDropout }, Generator.seeded(1));
    expect([...block(0.2).namedCounters().keys()]).toEqual([
      'self_attn.dropout.counter',
      'dropout1.counter',
      'dropout2.counter',
    ]);
    const first = block(0);
    const generator = Generator.seeded(1);
    const pair = [new Dropout(0.1, generator), new Dropout(0.1, generator)];
    const masks = pair.map((dropout) => draw(dropout));
    expect([...first.namedCounters().keys()]).toEqual(['dropout1.counter', 'dropout2.counter']);
    expect(masks[0]).not.toEqual(masks[1]);
  });

  it('refuses a rate of 1', () => {
    expect(() => withDropout(1)).toThrow('Dropout: rate must be from 0 to below 1; got 1');
  });
});
