import { CharTokenizer, describeCharacter } from '@llm101/data';
import type { TextTokenizer, TokenizerFit } from '@llm101/data';
import { loadStateDict, stateDict, type StateDict } from '@llm101/models';
import type { TensorData } from '@llm101/safetensors';
import { TextError, UserError } from './errors.js';
import { lineEndsOf } from './text/examples-name.js';
import type { Network } from './models/model-kind.js';
import type { DataSettings } from './text/prepare-data.js';
import type { ModelParts } from './saved-model.js';
import type { RawSettings } from './settings/settings.js';
import { tokenizerNames } from './text/tokenizers.js';
import { modelKinds } from './models/index.js';

/** What a run begins with: the weights of another. */
export type InitialModel = Pick<ModelParts, 'config' | 'tensors'>;

/** Settings of training that a kind reads, which a run that begins with weights may change. */
const FREE: ReadonlySet<string> = new Set([
  'batchSize',
  'packedSize',
  'packedRows',
  'dropout',
  'dropoutAt',
  'init',
]);

/** Settings of the text that a model has learned by. */
const OF_TEXT = ['examples', 'tokenizer', 'vocabSize', 'normalize'];

/**
 * The settings of a run that another begins with, as far as it must have the same: the kind, its sizes, how texts become tokens.
 *
 * @param settings - of the run that the weights are from, checked
 */
export function initialSettings(
  settings: RawSettings & { readonly model: keyof typeof modelKinds },
) {
  const read = Object.keys(modelKinds[settings.model].reads).filter((key) => !FREE.has(key));
  const keys = ['model', ...read, ...OF_TEXT].filter((key) => settings[key] !== undefined);
  const { tokenizerFile } = settings;
  return {
    tokenizer: tokenizerFile === undefined ? tokenizerNames[0] : undefined, // of a file: no name would be right
    ...Object.fromEntries(keys.map((key) => [key, settings[key]])),
    alphabet: 'auto',
  };
}

/** Unknown characters that an error lists. */
const MOST_LISTED = 20;

/**
 * The tokenizer of a run that begins with a model: that of the model, and where its vocabulary may grow, with the characters of the text
 * that it lacks as further tokens, in the order of their code points.
 *
 * @returns the tokenizer, or what makes it from the text: `end` throws a DataError when that has characters that the tokenizer lacks,
 * listing them
 */
export function fitInitial(
  own: TextTokenizer,
  settings: InitialTextSettings,
): TextTokenizer | TokenizerFit {
  if (!(own instanceof CharTokenizer) || own.unknown === 'token') return own;
  const { characters, normalize } = own;
  const lineEnds = lineEndsOf(settings.examples);
  const fit = CharTokenizer.fit({ characters, normalize, lineEnds, padding: false });
  return { push: (text) => fit.push(text), end: () => grown(own, fit.end(), settings) };
}

/** What {@link fitInitial} reads of the settings. */
interface InitialTextSettings extends Pick<DataSettings, 'examples'> {
  readonly data: string;
  readonly growVocabulary?: boolean | undefined;
}

function grown(
  own: CharTokenizer,
  found: CharTokenizer,
  { data: name, growVocabulary = false }: InitialTextSettings,
): TextTokenizer {
  const known = new Set(charactersOf(own));
  const lacking = charactersOf(found).filter((character) => !known.has(character));
  if (lacking.length === 0) return own;
  if (!growVocabulary) {
    const shown = lacking.slice(0, MOST_LISTED).map(describeCharacter).join(', ');
    const more = lacking.length > MOST_LISTED ? ` and ${lacking.length - MOST_LISTED} more` : '';
    throw new TextError(
      `${name} must hold only characters that the model of --init-from knows; it also has ${shown}${more}; ` +
        'take them out, or pass --grow-vocabulary',
      { keys: ['data', 'growVocabulary', 'initFrom'] },
    );
  }
  const { characters, normalize, padding, special } = own;
  const all = [...known, ...lacking];
  // a symbol of the end that has become a character gives way to another; the token stays
  if (special.length === 1 && lacking.some((character) => character === padding)) {
    return CharTokenizer.fromAlphabet(all, { characters, normalize });
  }
  const alphabet = characters === 'codePoints' ? all.join('') : all;
  return CharTokenizer.fromJSON({ ...own.toJSON(), alphabet });
}

/** The characters of an alphabet, in the order of their tokens; side by side some would be one. */
const charactersOf = (tokenizer: CharTokenizer): string[] =>
  Array.from(tokenizer.toJSON().alphabet);

/**
 * Gives a network the weights of a model. Where the network has more tokens, what belongs to each new one is the mean of what belongs
 * to the others.
 *
 * @throws UserError when the model is of another kind or of other sizes, or has a weight that isn't finite
 */
export function loadInitial(network: Network, { config, tensors }: InitialModel): void {
  for (const [name, { data }] of Object.entries(tensors)) {
    const wrong = data.find((value) => typeof value === 'number' && !Number.isFinite(value));
    if (wrong === undefined) continue;
    throw new UserError(
      `the model of --init-from must have finite weights; ${name} has ${wrong}; take one that was saved before its training failed`,
      { keys: ['initFrom'] },
    );
  }
  const grown: Record<string, TensorData> = {};
  for (const [name, { shape }] of Object.entries(stateDict(network))) {
    const tensor = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
    if (tensor !== undefined) {
      grown[name] = grow(tensor, shape, [config.vocabSize, network.vocabSize]);
    }
  }
  try {
    loadStateDict(network, { ...tensors, ...grown });
  } catch (cause) {
    throw new UserError(
      `the model of --init-from doesn't fit the settings: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause, keys: ['initFrom'] },
    );
  }
}

/** A tensor with more places on the axes that have one for each token. */
function grow(
  tensor: TensorData,
  wanted: readonly number[],
  [before, after]: readonly [before: number, after: number],
): TensorData {
  let grown = tensor;
  for (const [axis, size] of wanted.entries()) {
    if (grown.dtype !== 'F32' || grown.shape[axis] === size) continue;
    if (grown.shape[axis] === before && size === after) grown = growAxis(grown, axis, after);
  }
  return grown;
}

function growAxis(
  { shape, data }: StateDict[string] & { readonly dtype: 'F32' },
  axis: number,
  size: number,
): TensorData {
  const old = shape[axis];
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const outer = data.length / (old * inner);
  const grown = new Float32Array(outer * size * inner);
  for (let o = 0; o < outer; o++) {
    grown.set(data.subarray(o * old * inner, (o + 1) * old * inner), o * size * inner);
    for (let i = 0; i < inner; i++) {
      let sum = 0;
      for (let t = 0; t < old; t++) sum += data[(o * old + t) * inner + i];
      for (let t = old; t < size; t++) grown[(o * size + t) * inner + i] = sum / old;
    }
  }
  return { dtype: 'F32', shape: shape.map((s, i) => (i === axis ? size : s)), data: grown };
}
