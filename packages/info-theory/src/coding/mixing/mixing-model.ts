import { checkSize, checkSymbol } from '../../checks.js';
import type { FrequencyTable } from '../frequency-table.js';
import type { SymbolCoder } from '../symbol-coder.js';
import type { SymbolModel } from '../symbol-models.js';
import { BitPredictor } from './bit-predictor.js';
import { contextsOf, hash, History, NONE, type Context } from './contexts.js';

/** Settings of {@link MixingModel}. */
export interface MixingOptions {
  /** The number of symbols: 0 … size - 1, at most 65,536. */
  readonly size: number;
  /** The length of the longest context; default: 6. */
  readonly order?: number;
  /** The symbol that ends a line; if given, lines are also compared with those before them. */
  readonly separator?: number;
  /** The number of external distributions passed to each step; default: 0. */
  readonly experts?: number;
  /**
   * The most slots that contexts are remembered in, 9 bytes each, at least 1,024: when they are half full, the rarest
   * contexts are forgotten. Lines are compared as far as a sixteenth as many symbols. `Infinity` forgets nothing.
   * Default: 2^24, 150 MB and while forgetting 300 MB, enough for some two megabytes of text.
   */
  readonly memory?: number;
}

/** Columns that are distinguished when choosing weights. */
const COLUMNS = 13;
const WHOLE = 65536;
const LEAST_MEMORY = 1024;

/**
 * Learns a text while it codes it, from scratch: a symbol is a path of bits through a binary tree, and each bit is
 * predicted by mixing what has followed contexts of many kinds. A network's predictions can be mixed in.
 *
 * The methods are those of Mahoney's PAQ (2002 and later): contexts, logistic mixing, mixers chosen by situation. All
 * arithmetic is exactly defined (no `Math.exp`, no `Math.log`), so that a file made in one engine can be opened in
 * another.
 */
export class MixingModel implements SymbolModel {
  readonly size: number;
  readonly #bits: number;
  readonly #order: number;
  readonly #contexts: readonly Context[];
  readonly #history: History;
  readonly #predictor: BitPredictor;
  readonly #hashes: Uint32Array;
  readonly #keys: Uint32Array;
  readonly #sets = new Uint32Array(3);
  readonly #votes: Float64Array;

  /** @throws RangeError when an option isn't a whole number in its range */
  constructor({ size, order = 6, separator, experts = 0, memory = 2 ** 24 }: MixingOptions) {
    checkSize('MixingModel', size);
    if (size > WHOLE) {
      throw new RangeError(`MixingModel: size must be at most ${WHOLE}; got ${size}`);
    }
    checkSize('MixingModel', order, 'order', 0);
    checkSize('MixingModel', experts, 'experts', 0);
    if (separator !== undefined) checkSymbol('MixingModel', separator, size);
    if (!(memory >= LEAST_MEMORY)) {
      throw new RangeError(
        `MixingModel: memory must be at least ${LEAST_MEMORY} slots; got ${String(memory)}`,
      );
    }
    this.size = size;
    this.#order = order;
    this.#bits = size === 1 ? 0 : 32 - Math.clz32(size - 1);
    this.#history = new History(separator ?? NONE, memory / 16);
    this.#contexts = contextsOf(order, separator !== undefined);
    this.#hashes = new Uint32Array(this.#contexts.length);
    this.#keys = new Uint32Array(this.#contexts.length);
    this.#votes = new Float64Array(experts);
    const nodes = 2 ** this.#bits;
    this.#predictor = new BitPredictor({
      contexts: this.#contexts.length,
      experts,
      sets: [nodes, (order + 2) * COLUMNS, size + 1],
      finalSets: nodes,
      memory,
    });
  }

  /**
   * @param experts - as many distributions of the next symbol as the option says, from the same numbers on both sides
   * @throws RangeError when the symbol isn't below the size, or the experts have the wrong number or size
   */
  code(coder: SymbolCoder, symbol: number, experts: readonly FrequencyTable[] = []): number {
    checkSymbol('MixingModel', symbol, this.size);
    this.#begin(experts);
    let node = 1;
    for (let bit = this.#bits - 1; bit >= 0; bit--) {
      const p = this.#predict(node, bit, experts);
      let came = 0; // a bit that no symbol sets is known to be 0
      if (p !== undefined) {
        const frequency = Math.min(Math.max(Math.floor(p * WHOLE), 1), WHOLE - 1);
        came = coder.codeBit(frequency, (symbol >> bit) & 1);
        this.#predictor.learn(came);
      }
      node = 2 * node + came;
    }
    const coded = node - 2 ** this.#bits;
    this.#history.push(coded);
    this.#predictor.endSymbol();
    return coded;
  }

  /** @returns `[size]` the probability of each next symbol; nothing is learned */
  probabilities(experts: readonly FrequencyTable[] = []): Float64Array {
    this.#begin(experts);
    const p = new Float64Array(this.size);
    const distribute = (node: number, bit: number, part: number): void => {
      if (bit < 0) {
        p[node - 2 ** this.#bits] = part;
        return;
      }
      const one = this.#predict(node, bit, experts) ?? 0;
      distribute(2 * node, bit - 1, part * (1 - one));
      if (one > 0) distribute(2 * node + 1, bit - 1, part * one);
    };
    distribute(1, this.#bits - 1, 1);
    return p;
  }

  #begin(experts: readonly FrequencyTable[]): void {
    if (experts.length !== this.#votes.length || experts.some((e) => e.size !== this.size)) {
      throw new RangeError(
        `MixingModel: there must be ${this.#votes.length} experts of ${this.size} symbols; got sizes [${experts.map((e) => e.size).join(', ')}]`,
      );
    }
    for (const [c, context] of this.#contexts.entries()) this.#hashes[c] = context(this.#history);
  }

  /** The probability of a 1 at a node of the tree; undefined if no symbol has a 1 there. */
  #predict(node: number, bit: number, experts: readonly FrequencyTable[]): number | undefined {
    const low = (node << (bit + 1)) - 2 ** this.#bits;
    const middle = low + (1 << bit);
    if (middle >= this.size) return undefined;
    const high = Math.min(middle + (1 << bit), this.size);
    for (let c = 0; c < this.#keys.length; c++) this.#keys[c] = hash(this.#hashes[c], node);
    this.#predictor.look(this.#keys);
    for (const [e, table] of experts.entries()) {
      const part = table.start(high) - table.start(low);
      this.#votes[e] = part === 0 ? 0.5 : (table.start(high) - table.start(middle)) / part;
    }
    const history = this.#history;
    this.#sets[0] = node;
    this.#sets[1] =
      this.#predictor.seen(this.#order + 1) * COLUMNS + Math.min(history.column, COLUMNS - 1);
    this.#sets[2] = history.guess + 1;
    return this.#predictor.predict({ experts: this.#votes, sets: this.#sets, finalSet: node });
  }
}
