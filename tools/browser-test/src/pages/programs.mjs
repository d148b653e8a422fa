import { LEARNING_RATE, makeReplica } from '@examples/gpt';
import { BlockDataset, CharTokenizer, encodeText, loadText, RandomLoader } from '@llm101/data';
import { SequenceLoader, splitSequences, textPieces } from '@llm101/data';
import { codecNetwork, compressFile, decompressFile } from '@llm101/inference';
import { MLP, stateDict } from '@llm101/models';
import { Generator } from '@llm101/random';
import { openModel, resolveSettings, runTraining } from '@llm101/runs';
import { InfiniteLoader, interpret, oneCycle, sgd, train } from '@llm101/training';
import { compile } from '@llm101/wasm';

/** @import { ReplicaData } from '@examples/gpt' */
/** @import { CheckpointStore, Compile, TrainingListener, TrainOptions, Workers } from '@llm101/training' */

/**
 * What a program gave, so that two engines can be compared.
 *
 * @typedef {object} Result
 * @property {number} steps
 * @property {number} loss - the last one, in nats
 * @property {string} sha256 - of the losses and of the trained model
 */

/** The runs that every engine has to make with the same bytes. The backend must be running. */
export const programs = {
  /** The lecture's runs, their first steps. */
  mlp: () => fromSettings({ preset: 'lecture-mlp', maxSteps: 400, valInterval: 200 }),
  cnn: () => fromSettings({ preset: 'lecture-cnn', maxSteps: 100, valInterval: 50 }),
  wavenet: () =>
    fromSettings({ preset: 'wavenet-small', warmupSteps: 10, maxSteps: 30, valInterval: 15 }),
  /** Operation by operation. */
  uncompiled: () => fromSettings({ maxSteps: 100, compile: false, valInterval: 0 }),
  gpt: () => trainGpt(60),
  /** A text that comes in pieces. */
  blocks: () => trainOnBlocks(60),
  /** Files that one engine compresses and another reads: by a model that is trained first, alone and mixed with the text so far. */
  codec: () => compressNames(3000),
};

/** Trains the lecture's MLP for some seconds. */
export const someSeconds = () =>
  fromSettings({ preset: 'lecture-mlp', maxSteps: 4000, valInterval: 0, valSize: 0.001 });

/** @typedef {keyof typeof programs} ProgramName */

/** The names of all programs. */
export const programNames = /** @type {ProgramName[]} */ (Object.keys(programs));

/**
 * The first losses of each kind of model, and a sample of it, on whatever backend is current.
 *
 * @param {typeof compile} [compiler] - default: none
 * @returns {Promise<Record<string, number[]>>} in nats, by kind of model
 */
export async function firstLosses(compiler) {
  const names = await loadText('names');
  const text = names.text.slice(0, names.text.indexOf('\n', 1000) + 1);
  /** @type {Record<string, number[]>} */
  const found = {};
  for (const [name, flags] of Object.entries(KINDS)) {
    const losses = new Losses();
    await runTraining(resolveSettings({ flags: { ...flags, maxSteps: 3, watchInterval: 0 } }), {
      ...(compiler && { compile: compiler }),
      loadText: () => Promise.resolve({ ...names, text }),
      listeners: [losses.listener],
      samples: 1,
    });
    found[name] = losses.all;
  }
  found['gpt'] = (await gptLosses(2, compiler ?? interpret)).losses.all;
  return found;
}

const KINDS = {
  mlp: { model: 'mlp' },
  cnn: { model: 'cnn', optimizer: 'sgd', batchSize: 8 },
  wavenet: {
    model: 'wavenet',
    dHidden: 8,
    depth: 2,
    dropout: 0.2,
    packedSize: 32,
    optimizer: 'adamw',
    clipNorm: 1,
  },
};

/**
 * A run that is cut in parts: small, with random masks, and an order that changes from pass to pass.
 *
 * @param {object} options
 * @param {CheckpointStore} [options.store] - where it resumes and is saved
 * @param {number} [options.until] - a step after which it is stopped
 * @returns {Promise<Result>} the mean of all losses, also of those before it resumed, and the last validation
 */
export async function longRun({ store, until }) {
  const abort = new AbortController();
  const { model, outcome, metrics, evaluation } = await runTraining(
    resolveSettings({ flags: { ...LONG_RUN, checkpointInterval: 100 } }),
    {
      compile,
      ...(store && { store }),
      signal: abort.signal,
      listeners: [(event) => event.type === 'step' && event.step === until && abort.abort()],
    },
  );
  const figures = new Float64Array([metrics.trainLoss, evaluation.loss]);
  return {
    steps: outcome.modelStep,
    loss: evaluation.loss,
    sha256: await sha256([figures, model]),
  };
}

/** Settings of {@link longRun}. */
const LONG_RUN = {
  model: 'wavenet',
  dHidden: 16,
  depth: 2,
  dropout: 0.2,
  packedSize: 64,
  optimizer: 'adamw',
  lr: 0.003,
  schedule: 'cosine',
  reshuffle: true,
  maxSteps: 600,
  valInterval: 200,
};

/**
 * @param {Record<string, unknown>} flags
 * @param {Parameters<typeof runTraining>[1]} [options]
 * @returns {Promise<Result>}
 */
async function fromSettings(flags, { listeners = [], ...options } = {}) {
  const losses = new Losses();
  const { model, outcome } = await runTraining(resolveSettings({ flags }), {
    compile,
    listeners: [losses.listener, ...listeners],
    ...options,
  });
  return losses.result(outcome.modelStep, [model]);
}

/**
 * The first steps of the example's training.
 *
 * @param {number} maxSteps
 * @returns {Promise<Result>}
 */
async function trainGpt(maxSteps) {
  const { losses, model } = await gptLosses(maxSteps, compile);
  const weights = Object.values(stateDict(model)).map(({ data }) => data);
  return losses.result(maxSteps, weights);
}

/**
 * Random blocks of a text of three files: as it is, in UTF-16, and compressed.
 *
 * @param {number} maxSteps
 * @returns {Promise<Result>}
 */
async function trainOnBlocks(maxSteps) {
  const { text } = await loadText('names');
  const wide = Uint16Array.from(`\ufeff${text}`, (letter) => letter.charCodeAt(0));
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  const files = [new Blob([text]), new Blob([wide]), await new Response(packed).blob()];
  const pieces = textPieces(files);
  const fit = CharTokenizer.fit({ lineEnds: 'characters' });
  for await (const piece of pieces) fit.push(piece);
  const tokenizer = fit.end();
  const { tokens } = await encodeText(pieces, tokenizer);
  if (tokens.length !== 3 * text.length) throw new Error(`got ${tokens.length} tokens`);
  const generator = Generator.seeded(101);
  const sizes = { vocabSize: tokenizer.vocabSize, contextSize: 8, dEmbed: 8, dHidden: 32 };
  const model = new MLP(sizes, generator);
  const blocks = new BlockDataset(tokens, { contextSize: 8, targets: 'last' });
  const loader = new RandomLoader(blocks, { batchSize: 32, generator });
  const losses = new Losses();
  await train({
    model,
    optimizer: sgd(model.parameters(), { learningRate: 0.1 }),
    batches: new InfiniteLoader(loader, { ahead: true }),
    maxSteps,
    compile,
    listeners: [losses.listener],
  });
  const weights = Object.values(stateDict(model)).map(({ data }) => data);
  return losses.result(maxSteps, weights);
}

/**
 * Compresses the beginning of a text, reads it again, and hashes the files: any engine opens those that it would make itself.
 *
 * @param {number} length - in bytes
 * @returns {Promise<Result>} of the bytes, bits a byte by the last model, and the files
 */
async function compressNames(length) {
  const { text } = await loadText('names');
  const bytes = new TextEncoder().encode(text.slice(0, length));
  const files = [];
  for (const flags of [{}, { model: 'gru', examples: 'blocks' }]) {
    const settings = resolveSettings({ flags: { ...flags, maxSteps: 60, valInterval: 0 } });
    const { model: file } = await runTraining(settings, { compile });
    const saved = openModel(file);
    const network = codecNetwork(saved, { file, compile });
    for (const mix of [false, true]) {
      const made = compressFile(bytes, { network, mix }).file;
      const back = await decompressFile(made, { network: () => Promise.resolve(network) });
      if (new TextDecoder().decode(back) !== text.slice(0, length)) {
        throw new Error(`${settings.model}: what comes back is another text`);
      }
      files.push(made);
    }
    saved.model.dispose();
  }
  const last = files[files.length - 1];
  return { steps: length, loss: (8 * last.length) / length, sha256: await sha256(files) };
}

/**
 * @param {number} maxSteps
 * @param {Compile} compiler
 * @param {(data: ReplicaData) => Partial<TrainOptions> | Promise<Partial<TrainOptions>>} [moreOptions]
 */
async function gptLosses(maxSteps, compiler, moreOptions = () => ({})) {
  const { text } = await loadText('names');
  const split = splitSequences(text, { generator: Generator.seeded(101) });
  const data = { vocabSize: split.tokenizer.vocabSize, contextSize: split.train.longest };
  const { gpt, model, optimizer, generator } = makeReplica(data);
  const packing = { packedSize: Math.max(32, data.contextSize), rows: 8 };
  const loader = new SequenceLoader(split.train, { ...packing, shuffle: true, generator });
  const losses = new Losses();
  await train({
    model,
    optimizer,
    batches: new InfiniteLoader(loader, { reshuffle: true }),
    maxSteps,
    schedule: oneCycle({ learningRate: LEARNING_RATE, steps: 12_000, rise: 0.02 }),
    compile: compiler,
    listeners: [losses.listener],
    validation: new SequenceLoader(split.test, packing),
    ...(await moreOptions(data)),
  });
  return { losses, model: gpt };
}

/**
 * The same training in four shards, of two micro-batches each, with validations, by any number of threads.
 *
 * @param {(data: ReplicaData) => Promise<Workers>} [startThreads] - default: this thread computes alone
 * @returns {Promise<Result>}
 */
export async function onThreads(startThreads) {
  /** @type {Workers | undefined} */
  let workers;
  try {
    const { losses, model } = await gptLosses(12, compile, async (data) => {
      workers = await startThreads?.(data);
      return { shards: 4, accumulate: 2, valInterval: 6, ...(workers && { workers }) };
    });
    const weights = Object.values(stateDict(model)).map((tensor) => tensor.data);
    return await losses.result(12, weights);
  } finally {
    await workers?.close();
  }
}

/** The losses of a run's steps and validations. */
class Losses {
  /** @type {number[]} */
  #losses = [];

  get all() {
    return this.#losses;
  }

  /** @type {TrainingListener} */
  listener = (event) => {
    if (event.type === 'step') this.#losses.push(event.batchLoss);
    if (event.type === 'validation') this.#losses.push(event.evaluation.loss);
  };

  /**
   * @param {number} steps
   * @param {readonly ArrayBufferView[]} model
   * @returns {Promise<Result>}
   */
  async result(steps, model) {
    const parts = [new Float64Array(this.#losses), ...model];
    return { steps, loss: this.#losses.at(-1) ?? Number.NaN, sha256: await sha256(parts) };
  }
}

/** @param {readonly ArrayBufferView[]} parts */
async function sha256(parts) {
  const bytes = await new Blob(/** @type {BlobPart[]} */ (parts)).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
