import { MLP, mlpParameterCount, type MLPSizes } from '@llm101/models';
import { z } from 'zod';
import { UserError } from '../errors.js';
import { choice } from './choice.js';
import { windowExamples, type WindowSettings } from './windows.js';
import type { ModelKind } from './model-kind.js';

/** The settings that {@link mlp} reads. */
export interface MlpSettings extends WindowSettings {
  readonly dEmbed: number;
  readonly dHidden: number;
  readonly layers?: number | undefined;
  readonly activation?: string | undefined;
  readonly bias: string;
  readonly batchNorm: boolean;
  readonly layerNorm: boolean;
  readonly residual: boolean;
  readonly dropout: number;
  readonly init?: string | undefined;
}

/** What `activation` may name. */
export const mlpActivations = ['relu', 'tanh', 'gelu', 'silu', 'sigmoid'] as const;

/** What `bias` is where it isn't set. */
export const DEFAULT_BIAS = 'attention,feed-forward,norm';

/** What `init` may name. */
export const mlpInits = ['pytorch', 'randn', 'kaiming', 'xavier'] as const;

const sizes = z.object({
  vocabSize: z.int(),
  contextSize: z.int(),
  dEmbed: z.int(),
  dHidden: z.union([z.int(), z.array(z.int()).max(64)]),
  // What follows isn't in a model of 0.1.0.
  activation: z.enum(mlpActivations).default('relu'),
  bias: z.boolean().default(true),
  batchNorm: z.boolean().default(false),
  layerNorm: z.boolean().default(false),
  residual: z.boolean().default(false),
  dropout: z.number().default(0),
  init: z.enum(mlpInits).default('pytorch'),
});

/** The lecture's multi-layer perceptron, of one hidden layer or more. */
export const mlp: ModelKind<z.infer<typeof sizes>, MlpSettings> = {
  reads: {
    contextSize: true,
    dEmbed: true,
    dHidden: true,
    layers: true,
    activation: true,
    bias: true,
    batchNorm: true,
    layerNorm: true,
    residual: true,
    dropout: true,
    init: true,
    batchSize: true,
  },
  sizes,
  sizesOf({ layers = 1, activation, init, ...settings }, vocabSize) {
    const { contextSize, dEmbed, dHidden, batchNorm, layerNorm } = settings;
    if (batchNorm && layerNorm) {
      throw new UserError('an mlp takes --batch-norm or --layer-norm; got both', {
        keys: ['batchNorm', 'layerNorm'],
      });
    }
    const { bias } = settings;
    if (!['all', 'none', DEFAULT_BIAS].includes(bias)) {
      throw new UserError(`--bias of mlp must be all or none; got ${bias}`, {
        keys: ['bias', 'model'],
      });
    }
    return {
      vocabSize,
      contextSize,
      dEmbed,
      dHidden: layers === 1 ? dHidden : Array.from({ length: layers }, () => dHidden),
      activation: choice({
        kind: 'mlp',
        key: 'activation',
        names: mlpActivations,
        got: activation,
      }),
      bias: bias !== 'none',
      batchNorm,
      layerNorm,
      residual: settings.residual,
      dropout: settings.dropout,
      init: choice({ kind: 'mlp', key: 'init', names: mlpInits, got: init }),
    };
  },
  make: (own, generator) => new MLP(own, generator),
  parameterCount: mlpParameterCount,
  rowSize: (own) => ({
    tokens: own.contextSize,
    embedded: own.contextSize * own.dEmbed,
    // measured: with batch norm a step keeps three times as much, with layer norm or dropout nearly one and a half
    hidden: sum(widthsOf(own)) * (own.batchNorm ? 3.2 : own.layerNorm || own.dropout > 0 ? 1.4 : 1),
  }),
  embedded: ({ vocabSize: V, dEmbed: C }) => V * C,
  products(own) {
    const hidden = widthsOf(own);
    const inputs = [own.contextSize * own.dEmbed, ...hidden];
    return {
      layers: sum(hidden.map((outputs, i) => inputs[i] * outputs)),
      attention: 0,
      head: inputs[hidden.length] * own.vocabSize,
    };
  },
  examples: windowExamples,
};

const widthsOf = ({ dHidden }: MLPSizes): readonly number[] =>
  typeof dHidden === 'number' ? [dHidden] : dHidden;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
