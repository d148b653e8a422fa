import type { FromWorker, Problem, RequestName, Requests, ToWorker } from '../protocol.js';

/** Who waits for an answer. */
interface Waiting {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A worker as the page sees it: messages, and questions with answers. */
export class Client {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;
  /** Gets everything but answers. */
  onMessage: (message: FromWorker) => void = () => {};
  /** Resolved once the engine runs, or can't. */
  readonly ready: Promise<FromWorker>;

  constructor() {
    this.#worker = new Worker(new URL('../worker/entry.ts', import.meta.url), {
      type: 'module',
      name: 'session',
    });
    this.ready = new Promise((resolve) => {
      this.#worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
        if (data.type === 'ready' || data.type === 'problem') resolve(data);
        this.#hear(data);
      });
      this.#worker.addEventListener('error', (event) => {
        event.preventDefault();
        const message = event.message === '' ? "the worker can't be loaded" : event.message;
        const lost = { type: 'problem', problem: { name: 'WorkerError', message } } as const;
        resolve(lost);
        this.onMessage(lost);
      });
    });
  }

  tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /**
   * Asks for something, which comes between two steps.
   *
   * @throws RequestError with what is wrong
   */
  ask<Name extends RequestName>(
    name: Name,
    input: Requests[Name]['input'],
  ): Promise<Requests[Name]['output']> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {
        resolve: (output) => resolve(output as Requests[Name]['output']),
        reject,
      });
      this.tell({ type: 'ask', id, name, input });
    });
  }

  /** Ends it at once, with all that it has in memory. */
  end(): void {
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) {
      reject(new RequestError({ name: 'WorkerError', message: 'the run has been closed' }));
    }
    this.#waiting.clear();
  }

  #hear(message: FromWorker): void {
    if (message.type !== 'answer' && message.type !== 'refusal') return this.onMessage(message);
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === 'answer') waiting?.resolve(message.output);
    else waiting?.reject(new RequestError(message.problem));
  }
}

/** What a worker refused, in its words. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}
