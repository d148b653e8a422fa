import { engine, Tensor, tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import { compile } from '@llm101/wasm';
import type { Compile, Compiled, CompileSettings, Feeds, TensorValues } from '../src/index.js';

type Values = Float32Array | Int32Array;

/** A variable as it is there, and as it was here when that was last known. */
interface Copy {
  there: Values;
  here: Variable['dataId'];
}

/** How many turns of the event loop answers take, in turn: some are there before those that were asked for earlier. */
const TURNS = [4, 0, 2, 1, 0, 3];

/** Settings of {@link Elsewhere}. */
export interface ElsewhereOptions {
  /** The call, counted from 1, at which it is lost. Default: never. */
  readonly lostAt?: number;
  /** Default: that of `compile`. */
  readonly arithmetic?: string;
}

/**
 * A device that computes beside tfjs, as a GPU does: it has its own copy of each variable, which is brought back by `sync` alone, and answers
 * later. It computes by `compile`, so that all must be the same as there, to the bit.
 */
export class Elsewhere {
  /** Calls that were made. */
  calls = 0;
  /** Most calls that were under way at a time. */
  mostUnderWay = 0;
  /** How often variables were brought back. */
  syncs = 0;
  readonly #options: ElsewhereOptions;
  readonly #copies = new Map<Variable, Copy>();
  #underWay = 0;
  #last: Promise<unknown> = Promise.resolve();
  #isLost = false;

  constructor(options: ElsewhereOptions = {}) {
    this.#options = options;
  }

  readonly compile: Compile = <Inputs extends readonly Tensor[]>(
    step: (...inputs: Inputs) => Tensor,
    settings?: CompileSettings,
  ) => {
    const here: Compiled<Inputs, Tensor> = compile(step, settings);
    const refuse = (): never => {
      throw new Error('elsewhere: the answer comes later; use readLater');
    };
    const readLater = (...feeds: Feeds<Inputs>): Promise<ArrayLike<number>> => {
      const copies = feeds.map(copyOf) as readonly (Tensor | TensorValues)[] as typeof feeds;
      return this.#answer(() => Float32Array.from(here.read(...copies)));
    };
    return Object.assign(refuse, {
      read: refuse,
      readInto: refuse,
      readLater,
      sync: () => this.#sync(),
      arithmetic: this.#options.arithmetic ?? here.arithmetic ?? '',
      rehearse: () => here.rehearse?.(),
      dispose: () => here.dispose(),
    });
  };

  #answer(compute: () => Float32Array): Promise<Float32Array> {
    this.calls++;
    if (this.calls === this.#options.lostAt) this.#isLost = true;
    const turns = TURNS[this.calls % TURNS.length];
    let result: { values: Float32Array } | { error: unknown };
    try {
      this.#checkAlive();
      result = { values: this.#there(compute) };
    } catch (error) {
      result = { error };
    }
    this.mostUnderWay = Math.max(this.mostUnderWay, ++this.#underWay);
    const before = this.#last;
    const answer = (async () => {
      for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
      await before.catch(() => {});
      this.#underWay--;
      if ('error' in result) throw result.error;
      return result.values;
    })();
    this.#last = answer;
    return answer;
  }

  /** Has something done with the variables as they are there. */
  #there<Result>(work: () => Result): Result {
    const before = new Map(variables().map((v) => [v, v.dataSync().slice() as Values]));
    for (const variable of before.keys()) {
      const copy = this.#copies.get(variable);
      if (copy !== undefined && copy.here === variable.dataId) assign(variable, copy.there);
    }
    try {
      return work();
    } finally {
      for (const variable of variables()) {
        const there = variable.dataSync().slice() as Values;
        const here = before.get(variable);
        if (here !== undefined) assign(variable, here);
        this.#copies.set(variable, { there, here: variable.dataId });
      }
    }
  }

  async #sync(): Promise<void> {
    await this.#last.catch(() => {});
    this.#checkAlive();
    this.syncs++;
    for (const variable of variables()) {
      const copy = this.#copies.get(variable);
      if (copy?.here !== variable.dataId) continue; // it was assigned to here
      assign(variable, copy.there);
      copy.here = variable.dataId;
    }
  }

  #checkAlive(): void {
    if (this.#isLost) throw new Error('the device was lost');
  }
}

const variables = (): Variable[] => Object.values(engine().registeredVariables);

const assign = (variable: Variable, values: Values): void =>
  tidy(() => variable.assign(tensor(values.slice(), variable.shape, variable.dtype)));

/** The arrays of a batch are used again for the next. */
function copyOf(feed: Tensor | TensorValues): Tensor | TensorValues {
  return feed instanceof Tensor ? feed : { ...feed, values: feed.values.slice() };
}
