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
import {
  attentionMaps,
  bigramMap,
  curveChart,
  embeddingMap,
  heatMap,
  histogramChart,
} from '@llm101/report';
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
import { reshape, tanh, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { scalingLaws } from './scaling-laws.mjs';

const tokenizer = CharTokenizer.fromAlphabet('abcdefghijklmnopqrstuvwxyz');
const symbols = Array.from('.abcdefghijklmnopqrstuvwxyz');
const { text } = await loadText('names');
const names = splitLines(text);

/** Lecture 2: how often each letter follows each. */
function pairs() {
  const { tokens } = encodeLines(names, tokenizer);
  return bigramMap({ symbols, counts: countBigrams(tokens, 27) });
}

/** Lecture 2: how long names are. */
function lengths() {
  const counts = Array.from({ length: 15 }, () => 0);
  for (const name of names) counts[name.length]++;
  const edges = Array.from({ length: 16 }, (_, length) => length - 0.5);
  const series = [{ name: 'names', counts, edges }];
  return histogramChart({
    label: 'How many names have how many letters',
    series,
    title: 'letters',
  });
}

/** Lecture 3: the losses of its batches, and their means over 100 steps. */
async function losses() {
  const sizes = { vocabSize: 27, contextSize: 3, dEmbed: 2, dHidden: 32 };
  const model = new MLP({ ...sizes, activation: 'tanh', init: 'randn' }, Generator.seeded(101));
  const generator = Generator.seeded(101);
  /** @type {number[]} */
  const found = [];
  await train({
    model,
    optimizer: sgd(model.parameters(), { learningRate: 0.1 }),
    batches: new InfiniteLoader(
      new RandomLoader(new NextTokenDataset(names, tokenizer, 3), { batchSize: 32, generator }),
    ),
    maxSteps: 3000,
    logInterval: 1,
    compile,
    listeners: [(event) => event.type === 'log' && found.push(event.metrics.batchLoss)],
  });
  const means = Array.from({ length: 30 }, (_, i) => {
    const hundred = found.slice(100 * i, 100 * i + 100);
    return { step: 100 * i + 50, value: hundred.reduce((sum, loss) => sum + loss) / 100 };
  });
  const all = found.map((value, i) => ({ step: i + 1, value }));
  return curveChart({
    label: 'The loss of each batch, and the mean of a hundred',
    series: [
      { name: 'a batch of 32', points: all, style: 'faint' },
      { name: 'the mean of 100 batches', points: means },
    ],
    titles: { x: 'step', y: 'loss in nats' },
  });
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

const hidden256 = { vocabSize: 27, contextSize: 3, dEmbed: 16, dHidden: 256 };

/** Lecture 4: what a layer gives, by three ways to begin. */
function begun(/** @type {{ layer: string, label: string, range: [number, number] }} */ picture) {
  const { layer: wanted, label, range } = picture;
  const ways = /** @type {const} */ ({
    'standard normal': 'randn',
    'PyTorch’s': 'pytorch',
    'Kaiming’s': 'kaiming',
  });
  const series = Object.entries(ways).map(([name, init]) => {
    const model = new MLP({ ...hidden256, activation: 'tanh', init }, Generator.seeded(101));
    const watch = watchActivations(model, { histogram: { bins: 50, range } });
    const seen = watch.look(batchOf(256)).find((layer) => layer.name === wanted);
    if (seen === undefined) throw new Error(`begun: there must be a ${wanted}; got none`);
    return { name, counts: seen.values.counts, edges: histogramEdges(seen.values) };
  });
  return histogramChart({ label, series });
}

const numbers = (/** @type {number} */ count) =>
  Array.from({ length: count }, (_, i) => `${i + 1}`);

/** Lecture 4: which of the first 64 units are saturated for which of 32 examples. */
function saturated() {
  const model = new MLP({ ...hidden256, activation: 'tanh', init: 'randn' }, Generator.seeded(101));
  const { inputs } = batchOf(32);
  const given = tidy(() => {
    const embedded = model.embedding.forward(tensor2d(inputs, [32, 3], 'int32'));
    const sums = model.hidden[0].linear.forward(reshape(embedded, [32, 48]));
    return /** @type {number[][]} */ (tanh(sums).arraySync());
  });
  return heatMap({
    label: 'Where tanh is beyond ±0.99, by example and unit',
    rows: numbers(32),
    columns: numbers(64),
    values: given.map((row) => row.slice(0, 64).map((value) => (Math.abs(value) > 0.99 ? 1 : 0))),
    titles: { rows: 'example', columns: 'unit' },
  });
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
  '02-lengths.svg': lengths,
  '03-losses.svg': losses,
  '03-embedding.svg': embedding,
  '04-sums.svg': () =>
    begun({
      layer: 'linear1',
      label: 'What goes into tanh, by how the network begins',
      range: [-20, 20],
    }),
  '04-activations.svg': () =>
    begun({
      layer: 'tanh',
      label: 'What tanh gives, by how the network begins',
      range: [-1, 1],
    }),
  '04-saturated.svg': saturated,
  '05-gradients.svg': gradients,
  '07-attention.svg': attention,
  'scaling-laws.svg': scalingLaws,
});
