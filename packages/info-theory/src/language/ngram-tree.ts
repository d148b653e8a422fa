/** Empty maps for the deepest nodes, which never write to theirs. */
const NONE = new Map<number, number>();
const NO_NODES = new Map<number, NgramNode>();

/** A context in a tree of contexts: what has followed it, and the contexts that are one symbol longer. */
export class NgramNode {
  /** How often each symbol followed. */
  readonly counts = new Map<number, number>();
  /** The number of longer contexts after which each symbol followed. */
  readonly continuations: Map<number, number>;
  /** By the preceding symbol; {@link START} at the sequence's start. */
  readonly children: Map<number, NgramNode>;
  /** Whether no longer context exists: it has the full order, or reaches the sequence's start. */
  readonly deepest: boolean;

  constructor(deepest: boolean) {
    this.deepest = deepest;
    // most nodes are deepest; sharing empty maps takes a third of the memory
    this.continuations = deepest ? NONE : new Map();
    this.children = deepest ? NO_NODES : new Map();
  }
}

/** The symbol before the first of a sequence. */
const START = -1;

/** The symbol `back` positions before the end of a context, {@link START} right before its first. */
function symbolBefore(context: ArrayLike<number>, back: number): number {
  return back > context.length ? START : context[context.length - back];
}

/** Discounts are computed from how many counts are 1 to 4. */
const KINDS = 4;

/** Contexts take up to 550 bytes each, measured, and a JavaScript engine may have no more than 2 GB. */
const MOST_CONTEXTS = 3_000_000;

/**
 * Counts of n-grams of all lengths up to `order`, as a tree of contexts read backwards: the root is the empty context,
 * a child is a symbol further back. One walk from the root visits all contexts of a position, shortest first.
 */
export class NgramTree {
  readonly root: NgramNode;
  readonly order: number;
  /**
   * `[order, 5]` for each length of context, how many of its table's entries are 1, 2, 3 or 4. The table is that of
   * `counts` in the deepest nodes and of `continuations` in the others.
   */
  readonly countsOfCounts: readonly Float64Array[];
  readonly #mostContexts: number;
  #contexts = 0;

  constructor(order: number, mostContexts = MOST_CONTEXTS) {
    this.order = order;
    this.#mostContexts = mostContexts;
    this.root = new NgramNode(order === 1);
    this.countsOfCounts = Array.from({ length: order }, () => new Float64Array(KINDS + 1));
  }

  /** The existing nodes of a context, from the root to the longest. */
  path(context: ArrayLike<number>): NgramNode[] {
    const nodes = [this.root];
    for (let back = 1; back < this.order; back++) {
      const symbol = symbolBefore(context, back);
      const node = nodes[back - 1].children.get(symbol);
      if (node === undefined) break;
      nodes.push(node);
      if (symbol === START) break;
    }
    return nodes;
  }

  /**
   * Counts one symbol after a context.
   *
   * @throws RangeError when there are more contexts than fit in memory
   */
  add(context: ArrayLike<number>, symbol: number): void {
    const nodes = this.#makePath(context);
    for (let depth = nodes.length - 1; depth >= 0; depth--) {
      const node = nodes[depth];
      const before = node.counts.get(symbol) ?? 0;
      node.counts.set(symbol, before + 1);
      if (node.deepest) this.#move(depth, before);
      if (before > 0 || depth === 0) continue;
      const shorter = nodes[depth - 1];
      const known = shorter.continuations.get(symbol) ?? 0;
      shorter.continuations.set(symbol, known + 1);
      this.#move(depth - 1, known);
    }
  }

  #makePath(context: ArrayLike<number>): NgramNode[] {
    const nodes = [this.root];
    for (let back = 1; back < this.order; back++) {
      const symbol = symbolBefore(context, back);
      const { children } = nodes[back - 1];
      let node = children.get(symbol);
      if (node === undefined) {
        if (++this.#contexts > this.#mostContexts) {
          throw new RangeError(
            `n-grams: a text must have at most ${this.#mostContexts} different contexts of up to ${this.order - 1} symbols; ` +
              'this one has more; take a lower order, or less of the text',
          );
        }
        node = new NgramNode(back === this.order - 1 || symbol === START);
        children.set(symbol, node);
      }
      nodes.push(node);
      if (symbol === START) break;
    }
    return nodes;
  }

  /** An entry at this depth has grown by one. */
  #move(depth: number, before: number): void {
    const kinds = this.countsOfCounts[depth];
    if (before >= 1 && before <= KINDS) kinds[before]--;
    if (before < KINDS) kinds[before + 1]++;
  }
}
