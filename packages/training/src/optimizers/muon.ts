import {
  add,
  div,
  matMul,
  maximum,
  mul,
  scalar,
  sqrt,
  square,
  sub,
  sum,
  transpose,
} from '@tensorflow/tfjs-core';
import type { Rank, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import { adamRule, type AdamSettings } from './adam.js';
import { checkNumber, checkWhole } from '../checks.js';
import { gradientOptimizer } from './gradient-optimizer.js';
import type { Optimizer, ParameterList } from './optimizer.js';
import { lerp, runFused, type Update, type UpdateRule } from './update-rule.js';

/** Settings of {@link muon} that a group of parameters may have of its own; `betas` are AdamW's alone. */
export interface MuonSettings extends AdamSettings {
  /** What changes the parameters: Muon, which takes matrices alone, or AdamW. Default: `'muon'`. */
  readonly rule?: 'muon' | 'adamw';
  /** Fraction of the mean gradient that is kept from step to step. Default: 0.95. */
  readonly momentum?: number;
  /** Whether a step is by the mean gradient mixed with the gradient itself. Default: true. */
  readonly nesterov?: boolean;
  /** Those of `a X + b X Xᵀ X + c X Xᵀ X Xᵀ X`. Default: [3.4445, -4.775, 2.0315]. */
  readonly coefficients?: readonly [a: number, b: number, c: number];
  /** How often that polynomial is applied. Default: 5. */
  readonly iterations?: number;
  /**
   * What the rate of a matrix `[A, B]` is multiplied by: `'original'` `√max(1, A / B)`, `'match-rms-adamw'` `0.2 √max(A, B)`, with
   * which the rate and weight decay of AdamW fit Muon too. Default: `'original'`.
   */
  readonly adjustRate?: 'original' | 'match-rms-adamw';
  /** The least norm that a matrix is divided by, for AdamW what is added to a root. Default: 1e-7, for AdamW 1e-8. */
  readonly epsilon?: number;
  /** λ, which shrinks parameters. Default: 0.1, for AdamW 0.01. */
  readonly weightDecay?: number;
}

/** Settings of {@link muon}. */
export interface MuonOptions extends MuonSettings {
  /** Gradients are scaled so that their norm over all parameters is at most this. */
  readonly clipNorm?: number;
}

/**
 * Muon: a step is the mean gradient of a matrix, made nearly orthogonal by a few Newton-Schulz iterations, in which all directions
 * weigh the same: `torch.optim.Muon(parameters, lr)`. Groups with `rule: 'adamw'`, as {@link muonGroups} makes them, take the steps of
 * `torch.optim.AdamW`. The iterations round to bfloat16 where PyTorch's do.
 *
 * Source: Jordan et al. (2024), "Muon: An optimizer for hidden layers in neural networks",
 * https://kellerjordan.github.io/posts/muon; `adjustRate`: Liu et al. (2025), "Muon is Scalable for LLM Training",
 * https://arxiv.org/abs/2502.16982.
 *
 * @throws RangeError when a setting is out of range, there are no parameters, one is named twice, or one of Muon's is no matrix
 */
export function muon(
  parameters: ParameterList<MuonSettings>,
  { clipNorm, ...settings }: MuonOptions,
): Optimizer {
  return gradientOptimizer(rule, { parameters, settings, clipNorm });
}

const adamw = adamRule('muon', { decoupled: true, weightDecay: 0.01 });

const rule: UpdateRule<MuonSettings> = {
  where: 'muon',
  check(settings) {
    const { rule, momentum = 0.95, coefficients = COEFFICIENTS, iterations = 5 } = settings;
    const { epsilon = 1e-7, weightDecay = 0.1, adjustRate = 'original' } = settings;
    if (rule === 'adamw') return adamw.check(settings);
    checkNumber('muon: momentum', momentum, { least: 0, below: 1 });
    for (const [i, value] of coefficients.entries()) {
      checkNumber(`muon: coefficients[${i}]`, value, {});
    }
    checkWhole('muon: iterations', iterations, 1);
    checkNumber('muon: epsilon', epsilon, { above: 0 });
    checkNumber('muon: weightDecay', weightDecay, { least: 0 });
    if (!Object.hasOwn(ADJUSTMENTS, adjustRate)) {
      throw new RangeError(
        `muon: adjustRate must be ${Object.keys(ADJUSTMENTS).join(' or ')}; got ${adjustRate}`,
      );
    }
  },
  checkParameter({ shape }, { rule }) {
    if (rule === 'adamw' || shape.length === 2) return;
    throw new RangeError(
      `muon: its parameters must be matrices; got one of shape [${shape.join(', ')}]; give it a group with rule: 'adamw', as muonGroups does`,
    );
  },
  slots: (settings) => (settings.rule === 'adamw' ? adamw.slots(settings) : ['momentum_buffer']),
  update: (update) =>
    update.settings.rule === 'adamw' ? adamw.update(update) : byMatrix(update as MatrixUpdate),
  direction: {
    cost({ shape: [A = 1, B = 1] }, { rule, iterations = 5 }) {
      return rule === 'adamw' ? 0 : iterations * Math.min(A, B) ** 2 * Math.max(A, B);
    },
    compute: (update) => directionOf(update as MatrixUpdate, meanOf(update as MatrixUpdate)),
  },
};

type MatrixUpdate = Update<MuonSettings> & { readonly gradient: Tensor2D };

const COEFFICIENTS = [3.4445, -4.775, 2.0315] as const;

/** By rows and columns. */
const ADJUSTMENTS = {
  original: (A: number, B: number) => Math.sqrt(Math.max(1, A / B)),
  'match-rms-adamw': (A: number, B: number) => 0.2 * Math.sqrt(Math.max(A, B)),
};

// In the order of PyTorch's _single_tensor_muon.
function byMatrix(update: MatrixUpdate): Tensor[] {
  const { parameter, gradient, rate, settings } = update;
  const { weightDecay = 0.1, adjustRate = 'original' } = settings;
  const mean = meanOf(update);
  const direction = update.direction ?? directionOf(update, mean);
  const [A, B] = gradient.shape;
  const ratio = ADJUSTMENTS[adjustRate](A, B);
  const shrunk = mul(parameter, sub(1, mul(rate, weightDecay)));
  return [sub(shrunk, mul(direction, mul(rate, ratio))), mean];
}

function meanOf({ gradient, slots, settings: { momentum = 0.95 } }: MatrixUpdate): Tensor2D {
  return mix(slots[0] as Tensor2D, gradient, 1 - momentum);
}

function directionOf({ gradient, settings }: MatrixUpdate, mean: Tensor2D): Tensor2D {
  const { momentum = 0.95, nesterov = true } = settings;
  return orthogonal(nesterov ? mix(gradient, mean, momentum) : mean, settings);
}

/** `a + t (b - a)`, from the nearer end: PyTorch's `lerp`. */
function mix(a: Tensor2D, b: Tensor2D, t: number): Tensor2D {
  return t < 0.5 ? lerp(a, b, scalar(t)) : lerp(b, a, scalar(1 - t));
}

/** The matrix with its singular values brought near 1, by PyTorch's `_zeropower_via_newtonschulz`. */
function orthogonal(matrix: Tensor2D, settings: MuonSettings): Tensor2D {
  const { coefficients = COEFFICIENTS, iterations = 5, epsilon = 1e-7 } = settings;
  const [a, b, c] = coefficients;
  const [rows, columns] = matrix.shape;
  const turn = (x: Tensor2D): Tensor2D => (rows > columns ? transpose(x) : x);
  let x = turn(toBFloat16(matrix)); // [m, n], m the smaller
  x = toBFloat16(div(x, toBFloat16(maximum(sqrt(sum(square(x))), epsilon))));
  for (let i = 0; i < iterations; i++) {
    const gram = toBFloat16(matMul(x, x, false, true)); // [m, m]
    const squared = matMul(gram, gram, false, true); // gram is symmetric: compiled, half of such a product is computed
    const change = toBFloat16(add(mul(gram, b), mul(squared, c)));
    x = toBFloat16(add(mul(x, a), matMul(change, x)));
  }
  return turn(x);
}

/** Rounds to 8 significant bits. Source: Veltkamp's splitting, as in Dekker (1971), section 5. */
function toBFloat16<R extends Rank>(x: Tensor<R>): Tensor<R> {
  const fused = runFused({ name: 'RoundToBFloat16', inputs: { x }, attrs: {} });
  if (fused !== undefined) return fused[0] as Tensor<R>;
  const large = mul<Tensor<R>>(x, 2 ** 16 + 1);
  return sub(large, sub(large, x));
}

/** Names of matrices that tokens and positions are looked up in, or scores computed by. */
const NOT_HIDDEN = /embed|\bwte\b|\bwpe\b|head|table/i;

/**
 * Groups for {@link muon}: hidden matrices by Muon; embeddings, the head and what is no matrix by AdamW. A matrix is an embedding or
 * the head by its name (`embedding`, `wte`, `wpe`, `lm_head` …), or where it is the model's first or last and has a row for each
 * token. Where a model's names say otherwise, write the groups down.
 *
 * @param vocabSize - V, how many tokens there are
 */
export function muonGroups(
  model: { namedParameters(): ReadonlyMap<string, Variable> },
  vocabSize: number,
): { readonly parameters: Variable[]; readonly rule: 'muon' | 'adamw' }[] {
  const named = [...model.namedParameters()];
  const matrices = named.filter(([, { rank }]) => rank === 2);
  const ends = new Set([0, matrices.length - 1]);
  const hidden = matrices.filter(
    ([name, { shape }], i) => !NOT_HIDDEN.test(name) && !(ends.has(i) && shape[0] === vocabSize),
  );
  const isHidden = new Set(hidden.map(([, variable]) => variable));
  const rest = named.map(([, variable]) => variable).filter((variable) => !isHidden.has(variable));
  return [
    { parameters: [...isHidden], rule: 'muon' as const },
    { parameters: rest, rule: 'adamw' as const },
  ].filter((group) => group.parameters.length > 0);
}
