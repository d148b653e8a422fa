import { gptNames, resolveGPTConfig, type ResolvedGPTConfig } from '@llm101/models';
import { Weights, zeros, type ExportedModel, type FloatTensor } from './exported-model.js';
import { ExportError } from './errors.js';

/** A product: its weight `[out, in]`, and what it adds, where it adds something. */
export interface Product {
  readonly weight: FloatTensor;
  readonly bias: FloatTensor | undefined;
}

/** The tensors of a block of a GPT, whatever they are called. */
interface GPTBlockTensors {
  readonly attentionNorm: Product;
  readonly query: Product;
  readonly key: Product;
  readonly value: Product;
  readonly output: Product;
  readonly queryNorm: FloatTensor | undefined;
  readonly keyNorm: FloatTensor | undefined;
  readonly feedForwardNorm: Product;
  readonly gate: Product | undefined;
  readonly up: Product;
  readonly down: Product;
}

/** The tensors of a GPT, by what they do. */
export interface GPTTensors {
  readonly config: ResolvedGPTConfig;
  readonly embedding: FloatTensor;
  readonly positions: FloatTensor | undefined;
  readonly blocks: readonly GPTBlockTensors[];
  readonly norm: Product;
  /** None where it is the embedding. */
  readonly head: Product | undefined;
}

/**
 * The tensors of a GPT by their roles; joint projections are taken apart.
 *
 * @param where - the format, for errors
 * @throws ExportError for another network, or when a tensor is missing
 */
export function gptTensors(where: string, { config: given, tensors }: ExportedModel): GPTTensors {
  if (given.type !== 'gpt') {
    throw new ExportError(
      `${where}: the model must be a gpt, as the programs that read this format know no ${given.type}; ONNX or safetensors may take it`,
    );
  }
  const config = resolveGPTConfig(given);
  const names = gptNames(config);
  const weights = new Weights(tensors);
  const body = names.body === undefined ? '' : `${names.body}.`;
  const product = (name: string): Product => ({
    weight: weights.get(`${name}.weight`),
    bias: weights.find(`${name}.bias`),
  });
  const kvChannels = (config.channels / config.heads) * config.kvHeads;
  const blocks = Array.from({ length: config.layers }, (_, i): GPTBlockTensors => {
    const block = `${body}${names.blocks}.${i}.`;
    const attention = `${block}${names.block.attention}.`;
    const feedForward = `${block}${names.block.feedForward}.`;
    const [query, key, value] =
      config.projections === 'joint'
        ? split(product(attention + names.attention.joint), [
            config.channels,
            kvChannels,
            kvChannels,
          ])
        : [names.attention.query, names.attention.key, names.attention.value].map((name) =>
            product(attention + name),
          );
    return {
      attentionNorm: product(block + names.block.attentionNorm),
      query,
      key,
      value,
      output: product(attention + names.attention.output),
      queryNorm: weights.find(`${attention}${names.attention.queryNorm}.weight`),
      keyNorm: weights.find(`${attention}${names.attention.keyNorm}.weight`),
      feedForwardNorm: product(block + names.block.feedForwardNorm),
      gate:
        config.activation === 'swiglu' ? product(feedForward + names.feedForward.gate) : undefined,
      up: product(feedForward + names.feedForward.up),
      down: product(feedForward + names.feedForward.down),
    };
  });
  return {
    config,
    embedding: weights.get(`${body}${names.embedding}.weight`),
    positions: weights.find(`${body}${names.positions}.weight`),
    blocks,
    norm: product(body + names.norm),
    head: config.tiedHead ? undefined : product(names.head),
  };
}

/** What a product adds, zeros where it adds nothing. */
export const biasOf = ({ weight, bias }: Product): FloatTensor => bias ?? zeros(weight.shape[0]);

/** Products side by side, of the same inputs. */
export function joined(products: readonly Product[]): { weight: FloatTensor; bias: FloatTensor } {
  const [first] = products;
  const rows = products.reduce((sum, { weight }) => sum + weight.shape[0], 0);
  const weight = zeros(rows, first.weight.shape[1]);
  const bias = zeros(rows);
  let at = 0;
  for (const product of products) {
    weight.data.set(product.weight.data, at * first.weight.shape[1]);
    bias.data.set(biasOf(product).data, at);
    at += product.weight.shape[0];
  }
  return { weight, bias };
}

/** A product of several outputs side by side, taken apart. */
function split({ weight, bias }: Product, sizes: readonly number[]): Product[] {
  const [, columns] = weight.shape;
  let at = 0;
  return sizes.map((rows) => {
    const [from, to] = [at, (at += rows)];
    return {
      weight: { shape: [rows, columns], data: weight.data.subarray(from * columns, to * columns) },
      bias: bias && { shape: [rows], data: bias.data.subarray(from, to) },
    };
  });
}

/**
 * The family of programs that read a GPT: GPT-2 with learned positions and layer norms, Llama with rotary positions, root mean
 * squares and SwiGLU, Qwen3 where queries and keys are normalised besides.
 *
 * @throws ExportError for a mixture that none of them has
 */
export function familyOf(where: string, { config, head }: GPTTensors): 'gpt2' | 'llama' | 'qwen3' {
  const { positions, norm, activation, qkNorm, kvHeads, heads } = config;
  const refuse = (what: string, instead: string): never => {
    throw new ExportError(`${where}: a gpt ${what} can't be expressed; ${instead}`);
  };
  if (head?.bias !== undefined) refuse('whose head has a bias', 'ONNX takes it');
  if (positions === 'learned') {
    if (norm === 'rms') refuse('with learned positions and RMS norms', 'ONNX takes it');
    if (activation === 'swiglu') refuse('with learned positions and SwiGLU', 'ONNX takes it');
    if (qkNorm) refuse('with learned positions and normalised queries', 'ONNX takes it');
    if (kvHeads !== heads) refuse('with learned positions and shared keys', 'ONNX takes it');
    return 'gpt2';
  }
  if (norm === 'layer') refuse('with rotary positions and layer norms', 'ONNX takes it');
  if (activation !== 'swiglu') {
    refuse(`with rotary positions and ${activation}`, 'it must be swiglu; ONNX takes it');
  }
  return qkNorm ? 'qwen3' : 'llama';
}
