import { codeInLanes, frequenciesFromLogits, MixingModel, symbolArray } from '@llm101/info-theory';
import type { FrequencyTable, SymbolCoder } from '@llm101/info-theory';
import type { LanguageModel, NextTokenScores } from '@llm101/models';
import type { ExamplesName } from '@llm101/runs';
import { capacityOf } from '../capacity.js';

/** How a network codes, in lanes or mixed. */
interface NetworkOptions {
  readonly coder: SymbolCoder;
  readonly model: LanguageModel;
  /** Makes a scorer of so many contexts at once. */
  readonly scoresOf: (rows: number) => NextTokenScores;
  /** Symbols in all. */
  readonly length: number;
  /** Whether what is remembered of the text is bounded, as in all files but the oldest. */
  readonly isBounded: boolean;
  /** What the model has learned from: lines, parted by symbol 0, or one stream. */
  readonly examples: ExamplesName;
  /** For an encoder: adds up what the network's probabilities would need. */
  readonly crossEntropy?: CrossEntropy | undefined;
  /** Called with how many symbols are done. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** A lane costs some ten bits, where its start cuts a line: 0.05 % of this many symbols. */
const LANE_LENGTH = 8192;
const MOST_LANES = 256;
/** A line of more symbols begins again: for all lanes 130 MB. */
const MOST_CONTEXT = 2 ** 16;

/** How a network's contexts begin anew. */
interface ContextRule {
  /** The symbol after which they do. */
  readonly separator?: number;
  /** Symbols at which they do. */
  readonly mostContext: number;
  /** Of these the last, which they begin again with. */
  readonly kept: number;
}

/** Lines begin with nothing before them; of a stream a part stays, so that a model that keeps a bounded past needn't read it anew for each symbol. */
function contextRule({ model, isBounded, examples }: NetworkOptions): ContextRule {
  const mostContext = isBounded ? MOST_CONTEXT : Infinity;
  if (examples === 'lines') return { separator: 0, mostContext, kept: 0 };
  const most = Math.min(capacityOf(model), MOST_CONTEXT);
  return { mostContext: most, kept: Math.min(model.contextSize, Math.floor(most / 2)) };
}

/** Slots of what a text has shown: 150 MB, and 300 MB while it forgets. A part of the method, like all numbers here. */
const MEMORY = 2 ** 24;

/** Lanes of a text; both sides know its length. */
function lanesOf(length: number): number {
  return Math.min(Math.max(Math.round(length / LANE_LENGTH), 1), MOST_LANES);
}

/**
 * Codes symbols by a network's predictions alone, many positions of the text at a time.
 *
 * @param symbols - `[length]` what to write, escapes as V; a decoder is given none
 * @returns the symbols
 */
export function codeByNetwork(
  options: NetworkOptions,
  symbols?: ArrayLike<number>,
): ArrayLike<number> {
  const { coder, model, scoresOf, length, crossEntropy, onProgress } = options;
  const { vocabSize: V } = model;
  const lanes = lanesOf(length);
  const network = scoresOf(lanes);
  const rate = new EscapeRate();
  let scores: Float32Array = new Float32Array();
  let [row, done] = [0, 0];
  const predict = (contexts: readonly (readonly number[])[]): FrequencyTable[] => {
    if (done > 0) rate.count(contexts.length, contexts.filter((c) => c.at(-1) === V).length);
    onProgress?.(done);
    done += contexts.length;
    scores = network.read(contexts);
    row = 0;
    const { probability: escape } = rate;
    return contexts.map((_, r) =>
      frequenciesFromLogits(scores.subarray(r * V, (r + 1) * V), { escape }),
    );
  };
  const measured: SymbolCoder = {
    code(table, symbol) {
      crossEntropy?.add(scores, row++, symbol);
      return coder.code(table, symbol);
    },
    codeBit: (frequencyOfOne, bit) => coder.codeBit(frequencyOfOne, bit),
  };
  try {
    const rule = contextRule(options);
    return codeInLanes({ coder: measured, length, lanes, size: V + 1, ...rule, predict }, symbols);
  } finally {
    network.dispose();
  }
}

/**
 * Codes symbols by a network's predictions, mixed with those of the text so far: smaller, as the text above is known, but
 * one symbol after the other.
 *
 * @param symbols - `[length]` what to write, escapes as V; a decoder is given none
 * @returns the symbols
 */
export function codeByMixture(
  options: NetworkOptions,
  symbols?: ArrayLike<number>,
): ArrayLike<number> {
  const { coder, model, scoresOf, length, isBounded, crossEntropy, onProgress } = options;
  const { vocabSize: V } = model;
  const network = scoresOf(1);
  const memory = isBounded ? MEMORY : Infinity;
  const { separator, mostContext, kept } = contextRule(options);
  const lines = separator !== undefined && { separator };
  const mixing = new MixingModel({ size: V + 1, ...lines, experts: 1, memory });
  const rate = new EscapeRate();
  const context: number[] = [];
  const read = symbols === undefined ? symbolArray(V + 1, length) : undefined;
  try {
    for (let i = 0; i < length; i++) {
      onProgress?.(i);
      const scores = network.read([context]);
      const expert = frequenciesFromLogits(scores, { escape: rate.probability });
      const symbol = mixing.code(coder, symbols?.[i] ?? 0, [expert]);
      crossEntropy?.add(scores, 0, symbol);
      rate.count(1, symbol === V ? 1 : 0);
      if (read !== undefined) read[i] = symbol;
      context.push(symbol);
      if (symbol === separator) context.length = 0;
      else if (context.length >= mostContext) context.splice(0, context.length - kept);
    }
    return read ?? symbols ?? [];
  } finally {
    network.dispose();
  }
}

/** How {@link codeEscaped} codes. */
interface EscapedOptions extends Pick<NetworkOptions, 'coder' | 'isBounded'> {
  /** The number of bytes. */
  readonly count: number;
}

/**
 * Codes the bytes that a network's alphabet lacks, by those that came before.
 *
 * @param bytes - `[count]` what to write; a decoder is given none
 * @returns the bytes
 */
export function codeEscaped(
  { coder, isBounded, count }: EscapedOptions,
  bytes?: Uint8Array,
): Uint8Array {
  if (count === 0) return new Uint8Array();
  const mixing = new MixingModel({ size: 256, memory: isBounded ? MEMORY : Infinity });
  const coded = new Uint8Array(count);
  for (let i = 0; i < count; i++) coded[i] = mixing.code(coder, bytes?.[i] ?? 0);
  return coded;
}

/** Learns bytes as it codes them; each line is compared with those above. */
export function onlineModel(isBounded: boolean): MixingModel {
  return new MixingModel({ size: 256, separator: 10, memory: isBounded ? MEMORY : Infinity });
}

/** The probability of an escape, by how many there were. */
class EscapeRate {
  #escapes = 0;
  #symbols = 0;

  get probability(): number {
    return (this.#escapes + 1) / (this.#symbols + 2);
  }

  count(symbols: number, escapes: number): void {
    this.#symbols += symbols;
    this.#escapes += escapes;
  }
}

/**
 * The cross-entropy of a network's probabilities before they are rounded to whole numbers. Symbols that it doesn't have are
 * left out. Only for reports: it takes `Math.exp`, which differs between engines.
 */
export class CrossEntropy {
  readonly #size: number;
  #nats = 0;
  #symbols = 0;

  /** @param size - V, the network's symbols */
  constructor(size: number) {
    this.#size = size;
  }

  /** Symbols that the network has. */
  get symbols(): number {
    return this.#symbols;
  }

  /** Their cross-entropy in all. */
  get bits(): number {
    return this.#nats / Math.LN2;
  }

  /**
   * Adds what a symbol takes.
   *
   * @param scores - `[rows, V]`
   * @param row - that which predicted the symbol
   */
  add(scores: Float32Array, row: number, symbol: number): void {
    if (symbol >= this.#size) return;
    const [start, end] = [row * this.#size, (row + 1) * this.#size];
    let highest = -Infinity;
    for (let i = start; i < end; i++) highest = Math.max(highest, scores[i]);
    let sum = 0;
    for (let i = start; i < end; i++) sum += Math.exp(scores[i] - highest);
    this.#nats += Math.log(sum) + highest - scores[start + symbol];
    this.#symbols++;
  }
}
