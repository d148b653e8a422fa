// Gradients as values: between a loss and an update they may be added up and clipped.
import { add, mul, scalar, square, tensor, tidy, variable } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { compile, startBackend } from '@llm101/wasm';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { addGradients, clipByGlobalNorm, sgd } from '../src/index.js';
import { cases, CLOSE, clipNorm, makers, problem } from './optimizer-cases.js';

beforeAll(() => startBackend());

describe('gradients are values', () => {
  it.each(Object.keys(makers))('%s: gradients, then an update, are a step to the byte', (name) => {
    const [whole, parts] = [problem(), problem()];
    const stepped = makers[name]([whole.weight, whole.bias]);
    const updated = makers[name]([parts.weight, parts.bias]);
    for (let n = 0; n < 4; n++) {
      tidy(() => {
        const { loss, gradients } = updated.gradients(parts.loss);
        updated.update(gradients);
        expect(loss.dataSync()).toEqual(stepped.step(whole.loss).dataSync());
      });
      expect(parts.weight.dataSync()).toEqual(whole.weight.dataSync());
      expect(parts.bias.dataSync()).toEqual(whole.bias.dataSync());
      expect(updated.state()).toEqual(stepped.state());
    }
  });
  it('leaves nothing behind where the loss throws', async () => {
    const { weight, bias, loss } = problem();
    const optimizer = makers['AdamW']([weight, bias]);
    const broken = (): Scalar => {
      loss();
      throw new Error('no loss');
    };
    await expectNoLeak(() => {
      expect(() => optimizer.step(broken)).toThrow('no loss');
    });
    expect(tidy(() => optimizer.step(loss).dataSync())).toHaveLength(1);
  });
  it('added over two halves of a batch are those of the whole, clipped once they are added', () => {
    const { weight, bias, lossOf, loss } = problem();
    const optimizer = makers['AdamW, clipped']([weight, bias]);
    tidy(() => {
      const { gradients: whole } = optimizer.gradients(loss);
      const halves = [
        optimizer.gradients(() => mul(lossOf(0, 2), 2 / 5)).gradients,
        optimizer.gradients(() => mul(lossOf(2, 3), 3 / 5)).gradients,
      ];
      const sum = addGradients(halves);
      for (const [i, gradient] of whole.entries()) {
        expectClose(values(sum[i]), values(gradient), { absolute: 1e-6 }); // float32, sums in another order
      }
    });
    const other = problem();
    const straight = makers['AdamW, clipped']([other.weight, other.bias]);
    straight.step(other.loss).dispose();
    tidy(() => {
      const half = (): Scalar => mul(loss(), 0.5);
      const halves = [optimizer.gradients(half).gradients, optimizer.gradients(half).gradients];
      optimizer.update(addGradients(halves));
    });
    expect(weight.dataSync()).toEqual(other.weight.dataSync());
  });
  it('are added in a compiled step too', () => {
    const [plain, recorded] = [problem(), problem()];
    const stepOn = ({ weight, bias, lossOf }: ReturnType<typeof problem>) => {
      const optimizer = makers['AdamW, clipped']([weight, bias]);
      return (): Scalar => {
        const first = optimizer.gradients(() => mul(lossOf(0, 2), 0.4));
        const second = optimizer.gradients(() => mul(lossOf(2, 3), 0.6));
        optimizer.update(addGradients([first.gradients, second.gradients]));
        return add(first.loss, second.loss);
      };
    };
    const [step, compiled] = [stepOn(plain), compile(stepOn(recorded))];
    for (let n = 0; n < 5; n++) {
      expectClose(
        tidy(() => compiled().dataSync()),
        tidy(() => step().dataSync()),
        CLOSE,
      );
    }
    expectClose(recorded.weight.dataSync(), plain.weight.dataSync(), CLOSE);
    compiled.dispose();
  });
  it('stay the caller’s, and nothing else is kept', async () => {
    const { weight, bias, loss } = problem();
    const optimizer = makers['AdamW, clipped']([weight, bias]);
    await expectNoLeak(() => {
      const { loss: value, gradients } = optimizer.gradients(loss);
      const sum = addGradients([gradients, gradients]);
      optimizer.update(sum);
      optimizer.update(gradients);
      for (const gradient of [value, ...gradients, ...sum]) gradient?.dispose();
    });
  });
  it('are undefined for what the loss does not depend on, and then stay so', () => {
    const [w, idle] = [variable(scalar(2)), variable(scalar(3))];
    const optimizer = sgd([idle, w], { learningRate: 0.25 });
    tidy(() => {
      const { gradients } = optimizer.gradients(() => square(w));
      const [none, some] = addGradients([gradients, [undefined, scalar(4)]]);
      expect([none, values(some)]).toEqual([undefined, new Float32Array([8])]);
      optimizer.update([none, some]);
      optimizer.update([undefined, undefined]);
    });
    expect([w.dataSync()[0], idle.dataSync()[0]]).toEqual([0, 3]);
  });
  it('are refused where they are of other parameters', () => {
    const { weight, bias } = problem();
    const optimizer = makers['sgd']([weight, bias]);
    expect(() => optimizer.update([weight])).toThrow(
      'sgd: there must be a gradient, or undefined, for each of the 2 parameters; got 1',
    );
    expect(() => optimizer.update([weight, weight])).toThrow(
      'sgd: the gradient of parameter 1 must have its shape, [4]; got [3, 4]',
    );
    expect(() => addGradients([[weight, bias], [weight]])).toThrow(
      'addGradients: all must be of the same parameters; got 2 and 1 gradients',
    );
  });
});

const values = (gradient: Tensor | undefined): Float32Array =>
  gradient?.dataSync<'float32'>() ?? new Float32Array();

describe('clipByGlobalNorm', () => {
  it('gives PyTorch’s norm, and leaves small gradients alone', () => {
    const { norms = [] } = cases['sgd, clipped'];
    expect(norms[0]).toBeGreaterThan(clipNorm);
    tidy(() => {
      const gradients = [tensor([3, 0]), tensor([[0], [4]])];
      const far = clipByGlobalNorm(gradients, 1);
      expectClose(far.norm.dataSync(), 5, { relative: 1e-6 });
      expectClose(far.clipped[0].dataSync(), [0.6, 0], { relative: 1e-6 });
      expectClose(far.clipped[1].dataSync(), [0, 0.8], { relative: 1e-6 });
      const near = clipByGlobalNorm(gradients, 6);
      expect([...near.clipped[0].dataSync()]).toEqual([3, 0]);
    });
  });
});
