import { BpeTokenizer, CharTokenizer, type TextTokenizer } from '@llm101/data';
import { gptParts, type GPTParts, type StateDict } from '@llm101/models';
import { readSafetensors, type TensorData } from '@llm101/safetensors';
import { ExportError } from '../errors.js';
import { transposed } from '../exported-model.js';

/** The files of a folder of Hugging Face, from any source. */
export interface GPT2Files {
  /** `config.json`, parsed. */
  readonly config: unknown;
  /** `tokenizer.json`, parsed. */
  readonly tokenizer: unknown;
  /** `model.safetensors` */
  readonly weights: Uint8Array<ArrayBuffer>;
}

/** A GPT that was read: its config, its tensors by the names and in the layouts of `GPT`, its tokenizer. */
export interface ImportedGPT {
  readonly config: { readonly type: 'gpt' } & GPTParts;
  readonly tensors: StateDict;
  readonly tokenizer: TextTokenizer;
}

type Fields = Partial<Record<string, unknown>>;

const ACTIVATIONS: Readonly<Record<string, GPTParts['activation'] | undefined>> = {
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

/** Layers that Hugging Face holds as `[in, out]`. */
const TURNED = /\.(attn\.c_attn|attn\.c_proj|mlp\.c_fc|mlp\.c_proj)\.weight$/;

/** Masks that old files hold beside the parameters. */
const MASK = /\.attn\.(masked_)?bias$/;

/**
 * Reads a folder of `GPT2LMHeadModel`: what `exportHuggingFace` writes of a GPT with learned positions, or GPT-2 itself.
 *
 * @throws ExportError when it is another network, or its files don't fit each other, saying why
 * @throws DataError when the tokenizer isn't one that can be read
 * @throws SafetensorsError when the weights are damaged
 */
export function importGPT2({ config, tokenizer, weights }: GPT2Files): ImportedGPT {
  const parts = readConfig(config);
  const { tensors: found } = readSafetensors(weights);
  const tensors: Record<string, TensorData> = {};
  for (const [written, tensor] of Object.entries(found)) {
    if (MASK.test(written)) continue;
    const isHead = written.startsWith('lm_head.');
    if (isHead && parts.tiedHead) continue; // the embedding
    const name = isHead || written.startsWith('transformer.') ? written : `transformer.${written}`;
    if (tensor.dtype !== 'F32') {
      throw new ExportError(`GPT-2: ${written} must be float32; got ${tensor.dtype}`);
    }
    tensors[name] =
      TURNED.test(name) && tensor.shape.length === 2
        ? { dtype: 'F32', ...transposed(tensor) }
        : tensor;
  }
  const read = readTokenizer(tokenizer);
  if (read.vocabSize !== parts.vocabSize) {
    throw new ExportError(
      `GPT-2: the tokenizer must have as many tokens as the model, ${parts.vocabSize}; got ${read.vocabSize}`,
    );
  }
  return { config: { type: 'gpt', ...parts }, tensors, tokenizer: read };
}

function readConfig(json: unknown): GPTParts {
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
    return gptParts({
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

/** Byte-level BPE, or characters as `exportHuggingFace` writes them. */
function readTokenizer(json: unknown): TextTokenizer {
  const { model, added_tokens: added, normalizer }: Fields = { ...Object(json) };
  const { type, vocab }: Fields = { ...Object(model) };
  if (type !== 'WordLevel') return BpeTokenizer.fromTokenizerFile(json);
  const special = (Array.isArray(added) ? added : []).map((token: unknown) => {
    const { content }: Fields = { ...Object(token) };
    return String(content);
  });
  const { type: normalize }: Fields = { ...Object(normalizer) };
  const symbols = Object.entries<unknown>({ ...Object(vocab) }).sort(
    ([, a], [, b]) => Number(a) - Number(b),
  );
  const isWhole = symbols.every(([, token], i) => token === i);
  if (!isWhole || special.some((symbol, i) => symbols[i]?.[0] !== symbol)) {
    throw new ExportError(
      'GPT-2: the words of tokenizer.json must have the numbers from 0 on, special tokens first',
    );
  }
  const characters = symbols.slice(special.length).map(([symbol]) => symbol);
  return CharTokenizer.fromAlphabet(characters, {
    ...(special.length > 0 && { special }),
    padding: special.length > 0 ? undefined : false,
    characters: characters.every((symbol) => Array.from(symbol).length === 1)
      ? 'codePoints'
      : 'graphemes',
    normalize: normalize === 'NFC' ? 'nfc' : 'none',
  });
}
