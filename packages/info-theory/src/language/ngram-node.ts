/** Nothing, for the deepest nodes: what they would hold is never written. */
const NONE = new Map<number, number>();
const NO_NODES = new Map<number, NgramNode>();

/** In a tree of contexts: what has followed one context, and the contexts that are a symbol longer. */
export class NgramNode {
  /** How often each symbol followed. */
  readonly counts = new Map<number, number>();
  /** After how many different longer contexts each symbol followed. */
  readonly continuations: Map<number, number>;
  /** By the symbol before; {@link START} where the sequence starts. */
  readonly children: Map<number, NgramNode>;
  /** Whether no longer context exists: the order's end is reached, or the sequence's start. */
  readonly deepest: boolean;

  constructor(deepest: boolean) {
    this.deepest = deepest;
    // most nodes are deepest: without maps of their own they take a third of the memory
    this.continuations = deepest ? NONE : new Map();
    this.children = deepest ? NO_NODES : new Map();
  }
}

/** Stands before the first symbol of a sequence. */
export const START = -1;

/** The symbol `back` places before the end of a context, {@link START} right before it. */
export function symbolBefore(context: ArrayLike<number>, back: number): number {
  return back > context.length ? START : context[context.length - back];
}
