/** A run as a scaling law sees it. */
export interface ScalingRun {
  readonly name?: string | undefined;
  /** N */
  readonly parameters: number;
  /** D */
  readonly tokens: number;
  /** C: FLOP of its training. */
  readonly flop: number;
  /** L, in nats a token. */
  readonly loss: number;
}

/** The numbers of `L = E + A / N^alpha + B / D^beta`. */
export interface LawNumbers {
  readonly E: number;
  readonly A: number;
  readonly B: number;
  readonly alpha: number;
  readonly beta: number;
}

/** A row of a table: what it is, its value and its interval as they are written. */
export interface Figures {
  readonly name: string;
  readonly value: string;
  readonly interval?: string | undefined;
  /** Such as R². */
  readonly fit?: string | undefined;
}

/** The best size for a budget. */
export interface BestSize {
  readonly flop: number;
  readonly parameters: number;
  readonly tokens: number;
  readonly loss: number;
}

/** A line in log-log axes, `loss = a x^b`. */
export interface LineNumbers {
  readonly x: 'parameters' | 'tokens' | 'flop';
  readonly a: number;
  readonly b: number;
}

/** What {@link renderScalingReport} shows. */
export interface ScalingReport {
  readonly title: string;
  /** Sentences below the title. */
  readonly notes: readonly string[];
  readonly runs: readonly ScalingRun[];
  /** Nothing where the runs decide none. */
  readonly law?: LawNumbers | undefined;
  /** The law's numbers as they are written. */
  readonly numbers: readonly Figures[];
  readonly lines: readonly LineNumbers[];
  /** The lines as they are written. */
  readonly slopes: readonly Figures[];
  /** For some budgets, rising. */
  readonly best: readonly BestSize[];
  /** The same at many budgets, for a line. */
  readonly frontier: readonly BestSize[];
  /** FLOP of a token for a model of N parameters, `a N^b`: `6 N` is 6 and 1. */
  readonly flopPerToken: { readonly a: number; readonly b: number };
}
