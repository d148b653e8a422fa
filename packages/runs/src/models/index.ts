import { spreadLines } from '@llm101/data';
import type { Generator } from '@llm101/random';
import type { EvaluationData, Trainable } from '@llm101/training';
import { UserError } from '../errors.js';
import { flagOf, namesOf } from '../rules.js';
import { bigram } from './bigram.js';
import type { ExamplesName } from '../text/examples-name.js';
import { isStream, type TextPart } from '../text/text-part.js';
import { cnn } from './cnn.js';
import { gpt } from './gpt.js';
import { megabyte } from './megabyte.js';
import { mlp } from './mlp.js';
import type { ExampleMaker, ModelKind, Network, Products, RowSize } from './model-kind.js';
import type { ValidationOptions } from './model-kind.js';
import { gru, lstm } from './recurrent.js';
import { wavenet } from './wavenet.js';

/** Any kind; it must be given sizes of its own. */
type AnyModelKind = ModelKind<{ readonly vocabSize: number }, never>;

/** The kinds of model by name. A new one is a file beside these and a row here. */
export const modelKinds = {
  mlp,
  cnn,
  wavenet,
  gpt,
  bigram,
  gru,
  lstm,
  megabyte,
} satisfies Readonly<Record<string, AnyModelKind>>;

/** The name of a kind of model. */
export type ModelName = keyof typeof modelKinds;

/** The names of {@link modelKinds}. */
export const modelNames = namesOf(modelKinds);

/** What a model is made from, as plain JSON: the name of its kind, and its sizes. */
export type ModelConfig = {
  [Name in ModelName]: Readonly<{ type: Name } & ReturnType<(typeof modelKinds)[Name]['sizesOf']>>;
}[ModelName];

/** Parameters, gradients and what a step needs besides must fit into WebAssembly's 4 GB. */
const MOST_PARAMETERS = 100_000_000;

/**
 * Makes a model by its config.
 *
 * @param generator - draws the initial values
 * @throws UserError when it would not fit into memory
 */
export function makeModel(config: ModelConfig, generator: Generator): Network {
  checkParameters(config);
  const { type, ...sizes } = config;
  const kind: AnyModelKind = modelKinds[type];
  return kind.make(sizes, generator);
}

/** @throws UserError when a model would have too many parameters */
export function checkParameters({ type, ...sizes }: ModelConfig): void {
  const kind: AnyModelKind = modelKinds[type];
  const count = kind.parameterCount(sizes);
  if (count > MOST_PARAMETERS) {
    const fewer = kind.parameterCount({ ...sizes, vocabSize: FEW_TOKENS });
    const read = sizesRead(type, MODEL_SIZES);
    const isByTokens = fewer <= MOST_PARAMETERS;
    const remedies = [
      ...(isByTokens ? [`take ${fewerTokens(sizes.vocabSize)}`] : []),
      ...(read.length === 0 ? [] : [`choose a smaller ${flagsInWords(read)}`]),
    ];
    throw new UserError(
      `the model must have at most ${MOST_PARAMETERS.toLocaleString('en-US')} parameters to fit into memory; ` +
        `it would have ${count.toLocaleString('en-US')}; ${remedies.join(', or ')}`,
      { keys: [...(isByTokens ? ['tokenizer'] : []), ...read] },
    );
  }
}

/** Tokens of a vocabulary that holds every text: 256 bytes and an end. */
export const FEW_TOKENS = 257;

/** What to take instead of a large vocabulary. */
export const fewerTokens = (count: number): string =>
  `fewer tokens than ${count.toLocaleString('en-US')}, by --tokenizer bytes or bpe`;

/** Settings that make a model larger, the most effective first. */
export const MODEL_SIZES = ['dHidden', 'dEmbed', 'contextSize', 'layers', 'depth', 'blocks'];
/** Settings that make a batch larger. */
export const BATCH_SIZES = ['batchSize', 'packedSize', 'packedRows'];

/** Those that a kind of model reads, under some examples where they are given. */
export function sizesRead(
  type: ModelName,
  sizes: readonly string[],
  examples?: ExamplesName,
): string[] {
  const { reads }: AnyModelKind = modelKinds[type];
  const when: Readonly<Record<string, true | ExamplesName>> = reads;
  const isRead = (key: string): boolean =>
    Object.hasOwn(when, key) &&
    (when[key] === true || examples === undefined || when[key] === examples);
  return sizes.filter(isRead);
}

/** Settings as flags: `--d-hidden, --depth or --blocks`. */
export function flagsInWords(keys: readonly string[]): string {
  const flags = keys.map(flagOf);
  return flags.length < 2 ? flags.join('') : `${flags.slice(0, -1).join(', ')} or ${flags.at(-1)}`;
}

/** How a kind of model makes its examples of a text. */
export function examplesOf(type: ModelName): Omit<ExampleMaker<never, never>, 'trained'> & {
  /** The network as it is trained. */
  trained(network: Network): Trainable;
} {
  const { examples }: AnyModelKind = modelKinds[type];
  return examples;
}

/** Every token of a text, or where it has more than `most` some that are spread evenly: what a model of a kind is measured on. */
export function evaluationOf(
  type: ModelName,
  part: TextPart,
  { most = Infinity, ...options }: ValidationOptions,
): EvaluationData {
  const some = isStream(part) ? part : { tokens: spreadLines(part.tokens, most) };
  return examplesOf(type).every(some, { most, ...options });
}

/** Tokens that a stream must have to be scored by a model of a kind. */
export function leastScored(type: ModelName, contextSize: number): number {
  return examplesOf(type).leastScored?.(contextSize) ?? 2;
}

/** How many parameters a model of these sizes has. */
export function parameterCount({ type, ...sizes }: ModelConfig): number {
  const kind: AnyModelKind = modelKinds[type];
  return kind.parameterCount(sizes);
}

/** The numbers that a model of these sizes computes for a row. */
export function rowSizeOf({ type, ...sizes }: ModelConfig): RowSize {
  const kind: AnyModelKind = modelKinds[type];
  return kind.rowSize(sizes);
}

/** Parameters of the tables that tokens and positions are looked up in. */
export function embeddedOf({ type, ...sizes }: ModelConfig): number {
  const kind: AnyModelKind = modelKinds[type];
  return kind.embedded(sizes);
}

/** The products of a model's forward pass, a row as `rowSizeOf` counts them. */
export function productsOf({ type, ...sizes }: ModelConfig): Products {
  const kind: AnyModelKind = modelKinds[type];
  return kind.products(sizes);
}

/** Multiplications of a model's forward pass, a row as `rowSizeOf` counts them; one that looks its scores up writes them at least. */
export function multiplicationsOf(config: ModelConfig): number {
  const { layers, attention, head } = productsOf(config);
  return Math.max(layers + attention + head, config.vocabSize);
}

/** The same for a window of as many tokens. */
export function multiplicationsOfWindow(config: ModelConfig, tokens: number): number {
  return (multiplicationsOf(config) * tokens) / rowSizeOf(config).tokens;
}

/**
 * Reads a config that was saved.
 *
 * @returns undefined where it names no known kind, or lacks a size
 */
export function parseModelConfig(json: unknown): ModelConfig | undefined {
  const { type }: { type?: unknown } = { ...Object(json) };
  const name = modelNames.find((known) => known === type);
  if (name === undefined) return undefined;
  const sizes = (modelKinds[name] as AnyModelKind).sizes.safeParse(json);
  return sizes.success ? ({ type: name, ...sizes.data } as ModelConfig) : undefined;
}
