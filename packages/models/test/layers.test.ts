// Each layer twice, against PyTorch's outputs and gradients (fixtures/layers.json) and against central differences, on
// a backend with fused kernels and on one without.
import {
  add,
  keep,
  mul,
  split,
  sum,
  tensor,
  tensor2d,
  tidy,
  variableGrads,
  variable,
} from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { expectClose, expectNoLeak, numericGradient } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  BatchNorm1d,
  causalAttention,
  CausalSelfAttention,
  Conv1d,
  DilatedConv1d,
  Embedding,
  gelu,
  GRU,
  LayerNorm,
  Linear,
  LSTM,
  Module,
  relu,
  RMSNorm,
  RotaryPositions,
  sequential,
  sigmoid,
  silu,
  squaredRelu,
  swiglu,
  tanh,
  segmentStarts,
  TransformerBlock,
} from '../src/index.js';
import type { Conv1dOptions, DilatedConv1dOptions, Layer, Mode, Stage } from '../src/index.js';
import { BACKENDS, figures, useBackend, wave } from './figures.js';

/** A few dozen float32 products are added up in another order than PyTorch's; tfjs' erf is exact to 5e-7. */
const PYTORCH = { absolute: 3e-6, relative: 3e-6 };

interface Case {
  readonly name: string;
  readonly make: () => Layer;
  readonly input: () => Tensor;
  readonly mode?: Mode;
}

const conv = (name: string, options: Conv1dOptions, shape: number[]): Case => ({
  name,
  make: () => new Conv1d(options, Generator.seeded(101)),
  input: () => wave(shape, Math.sin, 3),
});

/** A normalisation whose weight and bias aren't ones and zeros. */
function uneven<N extends LayerNorm | RMSNorm | BatchNorm1d>(norm: N): N {
  tidy(() => {
    norm.weight.assign(add(mul(wave([norm.weight.size], Math.sin, 2), 0.5), 1));
    const bias = 'bias' in norm ? norm.bias : undefined;
    bias?.assign(mul(wave([bias.size], Math.cos, 2), 0.5));
  });
  return norm;
}

/** A batch normalisation that has seen two batches. */
function trained(norm: BatchNorm1d): BatchNorm1d {
  uneven(norm);
  for (const period of [2, 7]) {
    tidy(() => void norm.forward(wave([5, 3], Math.cos, period), 'training'));
  }
  return norm;
}

const causal = (name: string, options: DilatedConv1dOptions, shape: number[]): Case => ({
  name,
  make: () => new DilatedConv1d(options, Generator.seeded(101)),
  input: () => wave(shape, Math.sin, 3),
});

const activation = (name: string, f: Stage): Case => ({
  name,
  make: () => sequential(f),
  input: () => tidy(() => mul(wave([4, 6], Math.cos, 3), 4)),
});

/** Where texts begin in two rows of five. */
const starts = (): Tensor2D =>
  segmentStarts(tensor2d([0, 1, 1, 0, 1, 1, 0, 1, 1, 0], [2, 5], 'int32'));

/** Attention within texts as a layer of one argument. */
class Texts extends CausalSelfAttention {
  override forward(x: Tensor3D): Tensor3D {
    return super.forward(x, { starts: starts() });
  }
}

/** A block the same way. */
class TextBlock extends TransformerBlock {
  override forward(x: Tensor3D): Tensor3D {
    return super.forward(x, { starts: starts() });
  }
}

/** Queries of four heads, keys and values of two, out of one input. */
class Grouped extends Module implements Layer {
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;

  constructor(generator: Generator) {
    super();
    this.query = new Linear(6, 8, generator, { bias: false });
    this.key = new Linear(6, 4, generator, { bias: false });
    this.value = new Linear(6, 4, generator, { bias: false });
  }

  forward(x: Tensor3D): Tensor3D {
    const [query, key, value] = [this.query, this.key, this.value].map((layer) => layer.forward(x));
    return causalAttention(query, key, value, { heads: 4, kvHeads: 2 });
  }
}

/** A GRU as a layer of one argument. */
class States extends GRU {
  override forward(x: Tensor3D): Tensor3D {
    return super.forward(x);
  }
}

/** An LSTM the same way. */
class HiddenStates extends LSTM {
  override forward(x: Tensor3D): Tensor3D {
    return super.forward(x);
  }
}

const pairs = { inChannels: 2, outChannels: 2, kernelSize: 2 };
const cases: Case[] = [
  {
    name: 'embedding',
    make: () => new Embedding(7, 3, Generator.seeded(101)),
    input: () => tensor([0, 2, 2, 6, 0, 1], [2, 3], 'int32'),
  },
  {
    name: 'linear',
    make: () => new Linear(5, 4, Generator.seeded(101)),
    input: () => wave([3, 5], Math.sin, 3),
  },
  {
    name: 'linear without bias',
    make: () => new Linear(5, 4, Generator.seeded(101), { bias: false }),
    input: () => wave([3, 5], Math.sin, 3),
  },
  {
    name: 'causalAttention',
    make: () => new Grouped(Generator.seeded(101)),
    input: () => wave([2, 5, 6], Math.sin, 3),
  },
  {
    name: 'rotaryPositions',
    make: () => sequential((x) => new RotaryPositions(5, 4).forward(x as Tensor3D)),
    input: () => wave([2, 5, 8], Math.sin, 3),
  },
  {
    name: 'attention',
    make: () => new Texts(6, 2, Generator.seeded(101)),
    input: () => wave([2, 5, 6], Math.sin, 3),
  },
  {
    name: 'transformerBlock',
    make: () => new TextBlock({ channels: 6, heads: 2, hidden: 10 }, Generator.seeded(101)),
    input: () => wave([2, 5, 6], Math.sin, 3),
  },
  {
    name: 'gru',
    make: () => new States(3, 4, Generator.seeded(101)),
    input: () => wave([2, 5, 3], Math.sin, 3),
  },
  {
    name: 'lstm',
    make: () => new HiddenStates(3, 4, Generator.seeded(101)),
    input: () => wave([2, 5, 3], Math.sin, 3),
  },
  conv('halving', { inChannels: 3, outChannels: 4, kernelSize: 2, stride: 2 }, [2, 6, 3]),
  conv('dense', { inChannels: 2, outChannels: 3, kernelSize: 3 }, [2, 5, 2]),
  conv('strided', { inChannels: 2, outChannels: 3, kernelSize: 2, stride: 3 }, [2, 7, 2]),
  conv('dilated', { inChannels: 2, outChannels: 3, kernelSize: 2, dilation: 2 }, [2, 6, 2]),
  conv('uneven', { inChannels: 2, outChannels: 3, kernelSize: 2, stride: 2 }, [2, 5, 2]),
  causal('causal pairs', { inChannels: 3, outChannels: 4, kernelSize: 2 }, [2, 5, 3]),
  causal('causal dilated', { ...pairs, outChannels: 3, kernelSize: 3, dilation: 2 }, [2, 7, 2]),
  causal('causal far', { ...pairs, outChannels: 3, dilation: 4 }, [2, 6, 2]),
  causal('causal beyond', { ...pairs, kernelSize: 3, dilation: 4 }, [1, 6, 2]),
  {
    name: 'layerNorm',
    make: () => uneven(new LayerNorm(5)),
    input: () => wave([2, 3, 5], Math.sin, 3),
  },
  {
    name: 'layerNorm without bias',
    make: () => uneven(new LayerNorm(5, { bias: false })),
    input: () => wave([2, 3, 5], Math.sin, 3),
  },
  {
    name: 'rmsNorm',
    make: () => uneven(new RMSNorm(5)),
    input: () => wave([2, 3, 5], Math.sin, 3),
  },
  ...[
    { name: 'batchNorm rows', shape: [4, 3] },
    { name: 'batchNorm sequences', shape: [2, 4, 3] },
  ].map(({ name, shape }) => ({
    name,
    make: () => uneven(new BatchNorm1d(3)),
    input: () => wave(shape, Math.sin, 3),
    mode: 'training' as const,
  })),
  {
    name: 'batchNorm evaluation',
    make: () => trained(new BatchNorm1d(3)),
    input: () => wave([4, 3], Math.sin, 3),
  },
  activation('relu', relu),
  activation('gelu', gelu),
  activation('gelu tanh', (x) => gelu(x, 'tanh')),
  activation('tanh', tanh),
  activation('sigmoid', sigmoid),
  activation('silu', silu),
  activation('squaredRelu', squaredRelu),
  activation('swiglu', (x) => {
    const [gate, value] = split(x, 2, 1);
    return swiglu(gate, value);
  }),
  {
    name: 'sequential',
    make: () => {
      const generator = Generator.seeded(101);
      const [first, second] = [new Linear(4, 5, generator), new Linear(5, 2, generator)];
      return sequential(first, gelu, new LayerNorm(5), second, tanh);
    },
    input: () => wave([3, 4], Math.sin, 3),
  },
];

describe.each(BACKENDS)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each(cases)('$name', ({ name, make, input, mode = 'evaluation' }) => {
    const loss = (y: Tensor): Scalar => sum(mul(y, wave(y.shape, Math.cos, 5)));

    it("has PyTorch's output, gradients and buffers", () => {
      const layer = make();
      const given = input();
      const x = given.dtype === 'float32' ? variable(given) : given;
      const variables = new Map([
        ...layer.namedParameters(),
        ...(x === given ? [] : [['input', x as Variable] as const]),
      ]);
      const found = new Map<string, Tensor>();
      const { grads } = variableGrads(() => {
        const y = layer.forward(x, mode);
        found.set('output', keep(y));
        return loss(y);
      }, [...variables.values()]);
      for (const [key, v] of variables) found.set(`grad.${key}`, grads[v.name]);
      for (const [key, buffer] of layer.namedBuffers()) found.set(`buffer.${key}`, buffer);
      expect([...found.keys()].sort()).toEqual(Object.keys(figures[name]).sort());
      for (const [key, figure] of Object.entries(figures[name])) {
        const tensor = found.get(key);
        expect(tensor?.shape, key).toEqual(figure.shape);
        expectClose(tensor?.dataSync() ?? [], figure.values, PYTORCH);
      }
    });

    it('has the gradients of central differences', () => {
      const layer = make();
      const given = input();
      const x = given.dtype === 'float32' ? variable(given) : given;
      const variables = [...layer.parameters(), ...(x === given ? [] : [x as Variable])];
      const { grads } = variableGrads(() => loss(layer.forward(x, mode)), variables);
      for (const parameter of variables) {
        const values = Float32Array.from(parameter.dataSync());
        const valueAt = (at: Float32Array): number => {
          tidy(() => parameter.assign(tensor(at.slice(), parameter.shape)));
          return tidy(() => loss(layer.forward(x, mode)).dataSync()[0]);
        };
        // Two steps, of which Richardson's extrapolation leaves an error of the fourth order.
        const [fine, coarse] = [0.01, 0.02].map((h) => numericGradient(valueAt, values, h));
        const numeric = fine.map((value, i) => (4 * value - coarse[i]) / 3);
        tidy(() => parameter.assign(tensor(values, parameter.shape)));
        // float32 rounds the loss, and with it a difference over a step of 0.02, by some 1e-4 of the largest ones.
        const largest = numeric.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        expectClose(grads[parameter.name].dataSync(), numeric, { absolute: 1e-3 * largest });
      }
    });

    it('leaves no tensor behind', async () => {
      await expectNoLeak(() => {
        const layer = make();
        tidy(() => void layer.forward(input(), mode));
        layer.dispose();
      });
    });
  });
});
