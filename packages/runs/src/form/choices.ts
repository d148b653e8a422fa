import { gptActivations, gptInits } from '../models/gpt.js';
import type { biasPlaces, dropoutPlaces } from '../models/gpt.js';
import { mlpActivations, mlpInits } from '../models/mlp.js';
import type { ModelName } from '../models/index.js';
import type { SettingKey, Settings } from '../settings/settings.js';

/** What a form writes beside a value. */
export interface ChoiceLabel {
  readonly title: string;
  /** A sentence. */
  readonly help: string;
}

type Labels<Name extends string> = Readonly<Record<Name, ChoiceLabel>>;

/** Settings that name one of some values. */
type Chosen = {
  [
    Key in SettingKey as string extends Settings[Key]
      ? never
      : NonNullable<Settings[Key]> extends string
        ? Key
        : never
  ]: Labels<NonNullable<Settings[Key]> & string>;
};

/** The labels of values, of each setting that names one of some, or several places. */
export const choiceLabels: Chosen & {
  readonly dropoutAt: Labels<(typeof dropoutPlaces)[number]>;
  readonly bias: Labels<(typeof biasPlaces)[number]>;
} = {
  preset: {
    'lecture-mlp': {
      title: "The lecture's MLP",
      help: 'A hidden layer over 16 characters, on names.',
    },
    'lecture-cnn': {
      title: "The lecture's CNN",
      help: 'The same 16 characters through a tree of convolutions.',
    },
    'wavenet-small': {
      title: 'WaveNet, small',
      help: 'Names to 1.99 nats in half a minute.',
    },
    wavenet: { title: 'WaveNet', help: 'Names to 1.95 nats in two minutes.' },
    'wavenet-large': {
      title: 'WaveNet, large',
      help: 'Names to 1.93 nats in eight minutes.',
    },
    'shakespeare-char': {
      title: "nanoGPT's Shakespeare",
      help: 'A Transformer of four layers, as nanoGPT trains it on a laptop.',
    },
    shakespeare: {
      title: 'Shakespeare, modern',
      help: 'A Transformer as they are built now, by Muon, in ten minutes on two cores.',
    },
    'names-gpt-small': {
      title: 'Names by a Transformer, small',
      help: 'Names to 1.99 nats in a quarter of a minute on two cores.',
    },
    'names-gpt': {
      title: 'Names by a Transformer',
      help: 'Names to 1.92 nats in three minutes on two cores.',
    },
    'toy-mlp': {
      title: 'Toy task: MLP',
      help: 'Two hidden layers over 32 characters, for a task such as sort, in seconds.',
    },
    'toy-cnn': {
      title: 'Toy task: CNN',
      help: 'A tree of convolutions over 32 characters, for a toy task.',
    },
    'toy-wavenet': {
      title: 'Toy task: WaveNet',
      help: 'Dilated convolutions that see 31 characters, for a toy task.',
    },
    'toy-gru': {
      title: 'Toy task: GRU',
      help: 'A recurrent network of 64 units, for a toy task.',
    },
    'toy-lstm': {
      title: 'Toy task: LSTM',
      help: 'A recurrent network of 64 cells, for a toy task.',
    },
    'toy-gpt': {
      title: 'Toy task: Transformer',
      help: 'Two layers of four heads, for a toy task.',
    },
    'toy-megabyte': {
      title: 'Toy task: MEGABYTE',
      help: 'A Transformer over patches of four characters, for a toy task.',
    },
    'course-gpt-small': {
      title: "The course's GPT, small",
      help: 'Two layers, 128 wide, on Shakespeare.',
    },
    'course-gpt-medium': {
      title: "The course's GPT, medium",
      help: 'Four layers, 256 wide, on Shakespeare.',
    },
  },
  examples: {
    lines: { title: 'Lines', help: 'Each line is an example of its own, as a list of names is.' },
    blocks: { title: 'One text', help: 'Stretches of one text, as a play or a book is.' },
  },
  tokenizer: {
    characters: { title: 'Characters', help: 'Each character (code point) is a token.' },
    graphemes: {
      title: 'Graphemes',
      help: 'What a reader sees as one character is a token, such as an emoji of several parts.',
    },
    bytes: { title: 'Bytes', help: 'Each of the 256 bytes is a token: any text has some.' },
    bpe: {
      title: 'Byte pairs (BPE)',
      help: 'Byte-pair encoding: what often stands side by side becomes one token.',
    },
  },
  normalize: {
    none: { title: 'As they are', help: 'The text stays as it is.' },
    nfc: { title: 'Composed', help: 'A letter and its accent become one character.' },
  },
  split: {
    position: { title: 'The end', help: 'The last part of the text is held out.' },
    lines: { title: 'Random lines', help: 'Lines drawn from all of the text are held out.' },
  },
  model: {
    bigram: {
      title: 'Bigram',
      help: 'A table of which token follows which: it sees one token and nothing before it.',
    },
    mlp: {
      title: 'MLP',
      help: 'Embeddings of a window side by side, through hidden layers that mix all of them at once.',
    },
    cnn: {
      title: 'CNN',
      help: 'A tree of convolutions: each layer joins neighbours two by two, until one is left.',
    },
    wavenet: {
      title: 'WaveNet',
      help: 'Causal convolutions that look back twice as far in each layer, with gates.',
    },
    gru: {
      title: 'GRU',
      help: 'Reads one token after the other and keeps a state, which gates update.',
    },
    lstm: {
      title: 'LSTM',
      help: 'Reads one token after the other, with a memory cell that gates write, keep and read.',
    },
    gpt: {
      title: 'GPT',
      help: 'A Transformer: each token asks all tokens before it for what it needs.',
    },
    megabyte: {
      title: 'MEGABYTE',
      help: 'Two Transformers: a large one over patches, a small one over the tokens of a patch.',
    },
  },
  positions: {
    learned: { title: 'Learned', help: 'Each position has a vector of its own, which is added.' },
    rotary: {
      title: 'Rotary',
      help: 'Queries and keys are turned by their position, so that distances count.',
    },
  },
  norm: {
    layer: { title: 'Layer norm', help: 'By mean and variance.' },
    rms: { title: 'Root mean square', help: 'By the root mean square alone, without a mean.' },
  },
  activation: {
    relu: { title: 'ReLU', help: 'What is below 0 becomes 0.' },
    tanh: { title: 'tanh', help: 'Squeezes all numbers between -1 and 1.' },
    gelu: { title: 'GELU', help: 'A ReLU with a smooth bend.' },
    silu: { title: 'SiLU', help: 'A number times its sigmoid; also called swish.' },
    sigmoid: { title: 'Sigmoid', help: 'Squeezes all numbers between 0 and 1.' },
    'gelu-tanh': { title: 'GELU by tanh', help: "GPT-2's approximation of GELU." },
    swiglu: { title: 'SwiGLU', help: 'A product of two layers, one of them through a SiLU.' },
    'squared-relu': { title: 'Squared ReLU', help: 'A ReLU, then its square.' },
  },
  projections: {
    joint: { title: 'One product', help: 'A single matrix gives queries, keys and values.' },
    separate: { title: 'Three products', help: 'Each has a matrix of its own.' },
  },
  init: {
    pytorch: { title: "PyTorch's", help: 'Uniform, by the number of inputs, as PyTorch does it.' },
    randn: {
      title: 'Standard normal',
      help: 'Far too large for deep networks: a lesson in what goes wrong.',
    },
    kaiming: { title: 'Kaiming', help: 'Keeps the variance from layer to layer through ReLUs.' },
    xavier: { title: 'Xavier', help: 'Balances the variance of values and of gradients.' },
    'gpt-2': {
      title: "GPT-2's",
      help: 'Small normal values, smaller still where layers add to the residual stream.',
    },
  },
  device: {
    wasm: {
      title: 'Processor',
      help: 'Compiled to WebAssembly: the same figures on every machine.',
    },
    webgpu: {
      title: 'Graphics card',
      help: 'By WebGPU: for models of some hundred thousand parameters and more.',
    },
    auto: {
      title: 'By the model',
      help: 'The graphics card where there is one and the model is large enough.',
    },
  },
  order: {
    random: { title: 'Random', help: 'Stretches begin anywhere, drawn with replacement.' },
    shuffled: { title: 'Shuffled', help: 'Each stretch once a pass, in a random order.' },
    'in-order': { title: 'In order', help: 'One stretch after the other, as they stand.' },
  },
  optimizer: {
    sgd: { title: 'SGD', help: 'Straight against the gradient, with momentum where it is set.' },
    adam: {
      title: 'Adam',
      help: 'Each weight has a step of its own, by the mean of its gradients and of their squares.',
    },
    adamw: { title: 'AdamW', help: 'Adam whose weight decay is apart from the gradients.' },
    muon: {
      title: 'Muon',
      help: 'Makes the steps of matrices orthogonal, so that all directions move; the rest by AdamW.',
    },
    'schedule-free': {
      title: 'Schedule-free AdamW',
      help: 'A mean of the weights takes the place of a falling learning rate.',
    },
  },
  muonRate: {
    'match-rms-adamw': {
      title: "As AdamW's",
      help: 'What makes a rate that suits AdamW suit Muon.',
    },
    original: { title: 'Original', help: 'The root of rows over columns, but at least 1.' },
  },
  schedule: {
    constant: { title: 'Constant', help: 'The rate stays as it is.' },
    step: { title: 'Steps', help: 'The rate is multiplied every so many steps.' },
    cosine: { title: 'Cosine', help: 'The rate falls slowly, fast, and slowly again.' },
    linear: { title: 'Linear', help: 'The rate falls on a straight line.' },
    'one-cycle': { title: 'One cycle', help: 'The rate rises first, then falls far below.' },
  },
  dropoutAt: {
    embedding: { title: 'Embedding', help: 'After embeddings and positions are added.' },
    attention: { title: 'Attention', help: 'Of the weights of attention.' },
    residual: { title: 'Residual', help: 'Of what attention adds to the stream.' },
    'feed-forward': { title: 'Feed-forward', help: 'Of what feed-forward adds to the stream.' },
  },
  bias: {
    attention: { title: 'Attention', help: 'After the products of attention.' },
    'feed-forward': { title: 'Feed-forward', help: 'After the products of feed-forward.' },
    norm: { title: 'Norms', help: 'After layer norms.' },
    head: { title: 'Head', help: 'After the last product, which then has weights of its own.' },
  },
};

/** What only some kinds of model have of a setting that others have too. */
export const choicesOfKinds: Readonly<
  Partial<Record<SettingKey, Partial<Record<ModelName, readonly string[]>>>>
> = {
  activation: { mlp: mlpActivations, gpt: gptActivations },
  init: { mlp: mlpInits, gpt: gptInits },
};
