import { fromTokenizerFile, type TextTokenizer } from '@llm101/data';
import { resolveGPTConfig, type ResolvedGPTConfig, type StateDict } from '@llm101/models';
import { readSafetensors, type TensorData } from '@llm101/safetensors';
import { ExportError } from '../errors.js';
import { transposed } from '../exported-model.js';

/** The files of a folder of Hugging Face, from any source. */
export interface GPT2Files {
  /** `config.json`, parsed. */
  readonly config: unknown;
  /** `tokenizer.json`, parsed. */
  readonly tokenizer: unknown;
  /** `model.safetensors`, or each of the files that a large model is in. */
  readonly weights: readonly Uint8Array<ArrayBuffer>[];
}

/** A GPT that was read: its config, its tensors by the names and in the layouts of `GPT`, its tokenizer. */
export interface ImportedGPT {
  readonly config: { readonly type: 'gpt' } & ResolvedGPTConfig;
  readonly tensors: StateDict;
  readonly tokenizer: TextTokenizer;
}

type Fields = Partial<Record<string, unknown>>;

const ACTIVATIONS: Readonly<Record<string, ResolvedGPTConfig['activation'] | undefined>> = {
  gelu: 'gelu',
  gelu_new: 'gelu-tanh',
  gelu_pytorch_tanh: 'gelu-tanh',
  relu2: 'squared-relu',
};

/** Settings of GPT-2 that are another network where they have another value. */
const FIXED: Fields = {
  model_type: 'gpt2',
  layer_norm_epsilon: 1e-5,
  scale_attn_weights: true,
  scale_attn_by_inverse_layer_idx: false,
  add_cross_attention: false,
};

/** Masks that old files hold beside the parameters. */
const MASK = /\.attn\.(masked_)?bias$/;

/**
 * Reads a folder of `GPT2LMHeadModel`: what `exportHuggingFace` writes of a GPT with learned positions, or GPT-2 itself. Weights of
 * half precision become float32.
 *
 * @throws ExportError when it is another network, or its files don't fit each other, saying why
 * @throws DataError when the tokenizer isn't one that can be read
 * @throws SafetensorsError when the weights are damaged
 */
export function importGPT2({ config, tokenizer, weights }: GPT2Files): ImportedGPT {
  const resolved = readConfig(config);
  const tensors = readTensors(weights, resolved);
  const read = fromTokenizerFile(tokenizer);
  if (read.vocabSize !== resolved.vocabSize) {
    throw new ExportError(
      `GPT-2: the tokenizer must have as many tokens as the model, ${resolved.vocabSize}; got ${read.vocabSize}`,
    );
  }
  return { config: { type: 'gpt', ...resolved }, tensors, tokenizer: read };
}

function readConfig(json: unknown): ResolvedGPTConfig {
  const fields: Fields = { ...Object(json) };
  for (const [key, value] of Object.entries(FIXED)) {
    const own = fields[key] ?? (key === 'model_type' ? undefined : value);
    if (own === value) continue;
    throw new ExportError(
      `GPT-2: ${key} of config.json must be ${String(value)}; got ${JSON.stringify(own) ?? 'nothing'}`,
    );
  }
  const size = (key: string): number => {
    const value = fields[key];
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
    throw new ExportError(
      `GPT-2: ${key} of config.json must be a whole number from 1 on; got ${JSON.stringify(value) ?? 'nothing'}`,
    );
  };
  const name = fields['activation_function'] ?? 'gelu_new';
  const activation = typeof name === 'string' ? ACTIVATIONS[name] : undefined;
  if (activation === undefined) {
    throw new ExportError(
      `GPT-2: activation_function must be ${Object.keys(ACTIVATIONS).join(', ')}; got ${JSON.stringify(name)}`,
    );
  }
  try {
    return resolveGPTConfig({
      vocabSize: size('vocab_size'),
      contextSize: size('n_positions'),
      channels: size('n_embd'),
      layers: size('n_layer'),
      heads: size('n_head'),
      ...(typeof fields['n_inner'] === 'number' && { hidden: size('n_inner') }),
      activation,
      tiedHead: fields['tie_word_embeddings'] !== false,
    });
  } catch (cause) {
    if (cause instanceof ExportError || !(cause instanceof RangeError)) throw cause;
    throw new ExportError(`GPT-2: config.json: ${cause.message}`, { cause });
  }
}

/** The tensors of a GPT, of which the files must have each in its shape, and no others. */
function readTensors(files: GPT2Files['weights'], resolved: ResolvedGPTConfig): StateDict {
  const found = new Map<string, TensorData>();
  for (const file of files) {
    for (const [written, tensor] of Object.entries(readSafetensors(file).tensors)) {
      const isHead = written.startsWith('lm_head.');
      if (MASK.test(written) || (isHead && resolved.tiedHead)) continue; // a tied head is the embedding
      const name =
        isHead || written.startsWith('transformer.') ? written : `transformer.${written}`;
      if (found.has(name)) throw new ExportError(`GPT-2: ${name} must be there once; got two`);
      found.set(name, tensor);
    }
  }
  const tensors: Record<string, TensorData> = {};
  for (const { name, shape, isTurned } of tensorsOf(resolved)) {
    const tensor = found.get(name);
    if (tensor === undefined) throw new ExportError(`GPT-2: ${name} must be there; got none`);
    if (String(tensor.shape) !== String(shape)) {
      throw new ExportError(
        `GPT-2: ${name} must have the shape [${shape.join(', ')}], by config.json; got [${tensor.shape.join(', ')}]`,
      );
    }
    const floats = { shape, data: floatsOf(name, tensor) };
    tensors[name] = { dtype: 'F32', ...(isTurned ? transposed(floats) : floats) };
    found.delete(name);
  }
  for (const name of found.keys()) {
    throw new ExportError(`GPT-2: no tensor of a GPT-2 is called ${JSON.stringify(name)}`);
  }
  return tensors;
}

const product = (name: string, inputs: number, outputs: number) => [
  { name: `${name}.weight`, shape: [inputs, outputs], isTurned: true },
  { name: `${name}.bias`, shape: [outputs], isTurned: false },
];

/** The tensors of a GPT-2 as its files hold them: those of products as `[in, out]`, which are turned. */
function* tensorsOf({
  vocabSize,
  contextSize,
  channels: C,
  hidden,
  layers,
  tiedHead,
}: ResolvedGPTConfig) {
  const table = (name: string, rows: number) => ({ name, shape: [rows, C], isTurned: false });
  const norm = (name: string) =>
    ['weight', 'bias'].map((part) => ({ name: `${name}.${part}`, shape: [C], isTurned: false }));
  yield table('transformer.wte.weight', vocabSize);
  yield table('transformer.wpe.weight', contextSize);
  for (let i = 0; i < layers; i++) {
    const block = `transformer.h.${i}`;
    yield* norm(`${block}.ln_1`);
    yield* product(`${block}.attn.c_attn`, C, 3 * C);
    yield* product(`${block}.attn.c_proj`, C, C);
    yield* norm(`${block}.ln_2`);
    yield* product(`${block}.mlp.c_fc`, C, hidden);
    yield* product(`${block}.mlp.c_proj`, hidden, C);
  }
  yield* norm('transformer.ln_f');
  if (!tiedHead) yield table('lm_head.weight', vocabSize);
}

function floatsOf(name: string, { dtype, data }: TensorData): Float32Array {
  if (dtype === 'F32') return data;
  if (dtype === 'F16') return Float32Array.from(data, ofHalf);
  if (dtype === 'BF16')
    return new Float32Array(Uint32Array.from(data, (bits) => bits << 16).buffer);
  throw new ExportError(`GPT-2: ${name} must be of F32, F16 or BF16; got ${dtype}`);
}

/** The number that 16 bits are in IEEE 754's half precision. */
function ofHalf(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
