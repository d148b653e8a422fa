import { engine, type GradConfig, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs-core';
import type { GraphNode, Value } from '../graph/graph.js';
import { kernelInstruction, type Operand } from '../graph/instruction.js';
import {
  attentionGradientScratch,
  attentionScratch,
  checkedSizes,
  type AttentionSizes,
  type Sources,
} from './attention-sizes.js';
import { describeTensors, isTensor, ownOp, type OwnOp } from './own-op.js';
import { checkDropout } from './seeded-dropout.js';

/**
 * `engine().runKernel('CausalAttention', { qkv, starts }, { heads, kvHeads })`: `qkv` `[B, T, (heads + 2 kvHeads) d]` has queries,
 * keys and values side by side, each of that many parts; `kvHeads`, `heads` by default, divides them, and `heads / kvHeads` heads that
 * follow one another read the same keys and values. Position t attends to the positions from `starts[b, t]`, `[B, T]` int32, to
 * itself: y `[B, T, heads d]`, and for the gradient the logarithms of the softmax' denominators `[B, T, heads]`.
 * `F.scaled_dot_product_attention` with a mask and `enable_gqa`, and what goes around it.
 * A start beyond t counts as t, one below 0 as 0. Other shapes, types and numbers of heads are refused with a RangeError, a missing
 * input with a TypeError.
 *
 * `SeparateAttention`: the same of `{ query, key, value, starts }`. `CausalAttentionDropout` and `SeparateAttentionDropout`: with dropout of
 * what each position gives another, `{ …, counter }`, `{ …, rate, seed }`; the mask is that of `SeededDropout` for a tensor of
 * probabilities `[B, heads, T, T]`, which is never made.
 *
 * Source: Ainslie et al. (2023), "GQA: Training Generalized Multi-Query Transformer Models", https://arxiv.org/abs/2305.13245
 */
export const attentionOps: readonly OwnOp[] = [
  ...attention('CausalAttention', ['qkv']),
  ...attention('SeparateAttention', ['query', 'key', 'value']),
];

/** An operation and its gradient, without dropout and with it. */
function attention(name: string, sources: Sources): OwnOp[] {
  return [[], ['counter']].flatMap((counters) => {
    const kernelName = counters.length > 0 ? `${name}Dropout` : name;
    const family = { kernelName, sources, inputNames: [...sources, 'starts', ...counters] };
    return [forward(family), backward(family)];
  });
}

/** What an operation and its gradient have in common. */
interface Family {
  readonly kernelName: string;
  readonly sources: Sources;
  readonly inputNames: readonly string[];
}

function forward({ kernelName, sources, inputNames }: Family): OwnOp {
  const saved = [...inputNames, 'sums'];
  return ownOp({
    kernelName,
    inputNames,
    outputs(inputs, attrs) {
      if ('counter' in inputs) checkDropout(kernelName, { counter: inputs['counter'] }, attrs);
      const [B, T, heads, , d] = checkedSizes(kernelName, sources, inputs, attrs);
      return [
        { shape: [B, T, heads * d], dtype: 'float32' },
        { shape: [B, T, heads], dtype: 'float32' },
      ];
    },
    lower(inputs, node) {
      const sizes = checkedSizes(kernelName, sources, inputs, node.attrs);
      const given = [
        ...sourcesOf(sources, inputs, sizes),
        inputs['starts'],
        inputs['counter'] ?? 0,
      ];
      const args = [...given, ...node.outputs, ...sizes, ...dropoutOf(node), { scratch: 0 }];
      const scratchBytes = attentionScratch(sizes);
      return kernelInstruction(node, [{ kernel: 'causalAttention', args }], { scratchBytes });
    },
    gradient: {
      inputsToSave: [...inputNames],
      outputsToSave: [false, true],
      gradFunc(dys, tensors, attrs) {
        const inputs = Object.fromEntries(saved.map((name, i) => [name, tensors[i]]));
        return gradientsOf(
          { kernelName, sources, inputNames },
          { ...inputs, dy: [dys].flat()[0] },
          attrs,
        );
      },
    },
  });
}

type Gradients = ReturnType<GradConfig['gradFunc']>;

function gradientsOf(
  { kernelName, sources }: Family,
  inputs: Record<string, Tensor>,
  attrs: NamedAttrMap,
): Gradients {
  // All at once, here: tfjs disposes of what the functions below make besides their result.
  const all = [engine().runKernel<Tensor | Tensor[]>(`${kernelName}Grad`, inputs, attrs)].flat();
  return Object.fromEntries(sources.map((name, i) => [name, () => all[i]]));
}

/** The gradients for what is read, given that of y. */
function backward({ kernelName, sources, inputNames }: Family): OwnOp {
  const where = `${kernelName}Grad`;
  return ownOp({
    kernelName: where,
    inputNames: [...inputNames, 'sums', 'dy'],
    outputs(inputs, attrs) {
      if ('counter' in inputs) checkDropout(where, { counter: inputs['counter'] }, attrs);
      const [B, T, heads, , d] = checkedSizes(where, sources, inputs, attrs);
      const { sums, dy } = inputs;
      if (
        !isTensor(sums, 'float32', [B, T, heads]) ||
        !isTensor(dy, 'float32', [B, T, heads * d])
      ) {
        throw new RangeError(
          `${where}: sums must be float32 [B, T, heads], dy [B, T, heads d]; got ${describeTensors({ sums, dy })}`,
        );
      }
      return sources.map((name) => ({ shape: inputs[name].shape, dtype: 'float32' }));
    },
    lower(inputs, node) {
      const sizes = checkedSizes(where, sources, inputs, node.attrs);
      const { starts, counter, sums, dy } = inputs;
      const outputs = Object.fromEntries(sources.map((name, i) => [name, node.outputs[i]]));
      const [dQuery, , dKey, dValue] = sourcesOf(sources, outputs, sizes);
      const given = [...sourcesOf(sources, inputs, sizes), starts, counter ?? 0, sums, dy];
      const to = [dQuery, dKey, dValue];
      const args = [...given, ...to, ...sizes, ...dropoutOf(node), { scratch: 0 }];
      const scratchBytes = attentionGradientScratch(sizes);
      return kernelInstruction(node, [{ kernel: 'causalAttentionGradient', args }], {
        scratchBytes,
      });
    },
  });
}

/** Queries and their row, keys, values and theirs. */
function sourcesOf(
  sources: Sources,
  values: Readonly<Record<string, Value>>,
  [, , heads, kvHeads, d]: AttentionSizes,
): [query: Operand, queryRow: number, key: Operand, value: Operand, sharedRow: number] {
  const [first, key, value] = sources.map((name) => values[name]);
  if (sources.length === 3) return [first, heads * d, key, value, kvHeads * d];
  const row = (heads + 2 * kvHeads) * d;
  const at = (head: number): Operand => ({ of: first, skip: head * d * 4 });
  return [first, row, at(heads), at(heads + kvHeads), row];
}

/** Rate and seed; 0 without dropout. */
const dropoutOf = ({ attrs }: GraphNode): [number, number] => [
  Number(attrs['rate'] ?? 0),
  Number(attrs['seed'] ?? 0),
];
