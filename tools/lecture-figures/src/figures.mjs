import {
  CharTokenizer,
  DataLoader,
  encodeLines,
  loadText,
  NextTokenDataset,
  RandomLoader,
  SequenceDataset,
  SequenceLoader,
  splitLines,
} from '@llm101/data';
import { attentionWeights, countBigrams, GPT, MLP } from '@llm101/models';
import { Generator } from '@llm101/random';
import { attentionMaps, bigramMap, curveChart, embeddingMap, histogramChart } from '@llm101/report';
import {
  adamw,
  cosineDecay,
  everyPosition,
  histogramEdges,
  InfiniteLoader,
  sgd,
  train,
  watchActivations,
} from '@llm101/training';
import { compile } from '@llm101/wasm';

const tokenizer = CharTokenizer.fromAlphabet('abcdefghijklmnopqrstuvwxyz');
const symbols = Array.from('.abcdefghijklmnopqrstuvwxyz');
const { text } = await loadText('names');
const names = splitLines(text);

/** Lecture 2: how often each letter follows each. */
function pairs() {
  const { tokens } = encodeLines(names, tokenizer);
  return bigramMap({ symbols, counts: countBigrams(tokens, 27) });
}

/** Lecture 3: where the letters are after 30,000 steps. */
async function embedding() {
  const sizes = { vocabSize: 27, contextSize: 3, dEmbed: 2, dHidden: 32 };
  const model = new MLP({ ...sizes, activation: 'tanh', init: 'randn' }, Generator.seeded(101));
  const windows = new NextTokenDataset(names, tokenizer, 3);
  const generator = Generator.seeded(101);
  const loader = new RandomLoader(windows, { batchSize: 32, generator });
  await train({
    model,
    optimizer: sgd(model.parameters(), { learningRate: 0.1 }),
    batches: new InfiniteLoader(loader),
    maxSteps: 30_000,
    compile,
  });
  const groups = symbols.map((symbol) => ('aeiouy'.includes(symbol) ? 1 : 0));
  return embeddingMap({ symbols, vectors: model.embedding.weight.arraySync(), groups });
}

/** A batch of windows of three letters. */
function batchOf(/** @type {number} */ batchSize) {
  const windows = new NextTokenDataset(names, tokenizer, 3);
  const [batch] = new DataLoader(windows, {
    batchSize,
    shuffle: true,
    generator: Generator.seeded(1),
  });
  return batch;
}

/** Lecture 4: what tanh gives, by three ways to begin. */
function activations() {
  const sizes = { vocabSize: 27, contextSize: 3, dEmbed: 16, dHidden: 256 };
  const ways = /** @type {const} */ ({
    'standard normal': 'randn',
    'PyTorch’s': 'pytorch',
    'Kaiming’s': 'kaiming',
  });
  const series = Object.entries(ways).map(([name, init]) => {
    const model = new MLP({ ...sizes, activation: 'tanh', init }, Generator.seeded(101));
    const watch = watchActivations(model, { histogram: { bins: 50, range: [-1, 1] } });
    const seen = watch.look(batchOf(256)).find((layer) => layer.name === 'tanh');
    if (seen === undefined) throw new Error('activations: there must be a tanh; got none');
    return { name, counts: seen.values.counts, edges: histogramEdges(seen.values) };
  });
  return histogramChart({ label: 'What tanh gives, by how the network begins', series });
}

/** Lecture 5: the gradient that arrives behind each of eight layers. */
function gradients() {
  const dHidden = Array.from({ length: 8 }, () => 64);
  const sizes = /** @type {const} */ ({
    vocabSize: 27,
    contextSize: 3,
    dEmbed: 16,
    activation: 'tanh',
  });
  const ways = /** @type {const} */ ({
    plain: {},
    'Kaiming’s rule': { init: 'kaiming' },
    'batch norm': { batchNorm: true },
    'residual connections': { residual: true },
  });
  const series = Object.entries(ways).map(([name, parts]) => {
    const model = new MLP({ ...sizes, dHidden, ...parts }, Generator.seeded(101));
    const layers = watchActivations(model)
      .look(batchOf(256))
      .filter((layer) => /^tanh(\.\d)?$/.test(layer.name));
    const points = layers.map(({ gradient }, i) => ({ step: i + 1, value: gradient?.norm ?? NaN }));
    return { name, points, style: /** @type {const} */ ('dotted') };
  });
  const titles = { x: 'layer', y: 'norm of the gradient' };
  const label = 'The gradient that arrives behind each of eight hidden layers';
  return curveChart({ label, series, scale: 'log', titles });
}

/** Lecture 7: what the heads of a GPT look at. */
async function attention() {
  const generator = Generator.seeded(101);
  const sizes = { vocabSize: 27, contextSize: 16, channels: 64, heads: 4, layers: 3 };
  const gpt = new GPT({ ...sizes, separated: true }, generator);
  const loader = new SequenceLoader(new SequenceDataset(names, tokenizer), {
    batchSize: 32,
    shuffle: true,
    generator,
  });
  await train({
    model: everyPosition(gpt),
    optimizer: adamw(gpt.parameters(), { learningRate: 0.002 }),
    batches: new InfiniteLoader(loader),
    schedule: cosineDecay({ learningRate: 0.002, steps: 1000 }),
    maxSteps: 1000,
    compile,
  });
  const name = 'isabella';
  const weights = attentionWeights(gpt, [0, ...tokenizer.encode(name)]);
  return attentionMaps({
    label: `What twelve heads look at in ${name}`,
    tokens: Array.from(`.${name}`),
    weights,
  });
}

/** Each figure of a lecture by its file in docs/figures. A backend must run. */
export const figures = /** @type {const} */ ({
  '02-pairs.svg': pairs,
  '03-embedding.svg': embedding,
  '04-activations.svg': activations,
  '05-gradients.svg': gradients,
  '07-attention.svg': attention,
});
