import { describeError } from '../describe-error.js';
import { listenTo, type AnyWorker } from './ports.js';
import type { Answered, Requests } from './requests.js';
import { WorkerError } from './worker-error.js';

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/** A worker as the main thread sees it: asked for one thing after the other, until it ends. */
export class Remote {
  /** From 1 on. */
  readonly number: number;
  /** Called when it says that all threads have arrived. */
  onArrived: () => void = () => {};
  readonly #worker: AnyWorker;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #dead: WorkerError | undefined;
  #ended: unknown;

  constructor(number: number, worker: AnyWorker) {
    this.number = number;
    this.#worker = worker;
    listenTo(worker, {
      message: (message) => this.#hear(message as Answered),
      dead: (reason) => this.#die(reason),
    });
  }

  /** Why it can't be asked any more, if it can't. */
  get dead(): WorkerError | undefined {
    return this.#dead;
  }

  /** How many answers are on their way. */
  get pending(): number {
    return this.#waiting.size;
  }

  /** @throws WorkerError when the work fails, or the worker ends before it is done */
  ask<Kind extends keyof Requests>(
    kind: Kind,
    request: Requests[Kind]['request'],
    transfer: ArrayBuffer[] = [],
  ): Promise<Requests[Kind]['answer']> {
    const id = ++this.#asked;
    const answered = new Promise<Requests[Kind]['answer']>((resolve, reject) => {
      if (this.#dead === undefined) this.#waiting.set(id, { resolve, reject });
      else reject(this.#dead);
    });
    answered.catch(() => {}); // whoever awaits it hears of it, maybe later, or has heard of another
    try {
      if (this.#dead === undefined) this.#worker.postMessage({ id, kind, request }, transfer);
    } catch (error) {
      this.#waiting.get(id)?.reject(this.#notSent(kind, error));
      this.#waiting.delete(id);
    }
    return answered;
  }

  /** Ends the thread, whatever it does. */
  async end(): Promise<void> {
    this.#die('was ended, by close()');
    await (this.#ended ??= this.#worker.terminate());
  }

  #notSent(kind: keyof Requests, error: unknown): TypeError {
    const what = { start: 'data of startWorkers', task: 'inputs of Workers.map' }[kind as string];
    return new TypeError(
      `worker ${this.number}: ${what ?? kind} must be what can be sent to a thread, no functions for example; got what can't: ${describeError(error)}`,
      { cause: error },
    );
  }

  #hear(message: Answered): void {
    if ('arrived' in message) return this.onArrived();
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('error' in message) {
      waiting?.reject(new WorkerError(this.number, `has failed: ${message.error}`));
    } else waiting?.resolve(message.answer as never);
  }

  #die(reason: string): void {
    if (this.#dead !== undefined) return;
    this.#dead = new WorkerError(this.number, reason);
    for (const { reject } of this.#waiting.values()) reject(this.#dead);
    this.#waiting.clear();
    this.onArrived();
  }
}
