import type {
  FromWorker,
  Problem,
  ProgressOf,
  RequestName,
  Requests,
  ToWorker,
} from '../protocol.js';

/** How something is asked for that takes a while. */
export interface AskOptions<Name extends RequestName> {
  readonly onProgress?: (progress: ProgressOf<Name>) => void;
  /** Ends it; what comes then is the request's affair: an answer of what there is, or an `AbortError`. */
  readonly signal?: AbortSignal;
}

/** Who waits for an answer. */
interface Waiting {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((progress: never) => void) | undefined;
}

/** A worker as the page sees it: messages, and questions with answers. */
export class Client {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  /** Why nothing answers any more. */
  #lost: Problem | undefined;
  #next = 1;
  /** Gets everything but answers. */
  onMessage: (message: FromWorker) => void = () => {};
  /** Called where it can't be loaded: nothing comes of what it is told. */
  onLost: (problem: Problem) => void = () => {};
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
        const { message: thrown = '' } = event as Partial<ErrorEvent>; // none where the file didn't come
        const message = thrown || "the worker can't be loaded";
        const lost = { type: 'problem', problem: { name: 'WorkerError', message } } as const;
        resolve(lost);
        this.onMessage(lost);
        if (thrown !== '') return; // it goes on
        this.#lose(lost.problem);
        this.onLost(lost.problem);
      });
    });
  }

  /** Whether nothing comes of it any more. */
  get isLost(): boolean {
    return this.#lost !== undefined;
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
    { onProgress, signal }: AskOptions<Name> = {},
  ): Promise<Requests[Name]['output']> {
    if (this.#lost !== undefined) return Promise.reject(new RequestError(this.#lost));
    if (signal?.aborted === true) {
      return Promise.reject(new RequestError({ name: 'AbortError', message: 'it was cancelled' }));
    }
    const id = this.#next++;
    signal?.addEventListener('abort', () => this.tell({ type: 'cancel', id }), { once: true });
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {
        resolve: (output) => resolve(output as Requests[Name]['output']),
        reject,
        onProgress,
      });
      this.tell({ type: 'ask', id, name, input });
    });
  }

  /** Ends it at once, with all that it has in memory. */
  end(): void {
    this.#worker.terminate();
    this.#lose({ name: 'WorkerError', message: 'the run has been closed' });
  }

  #lose(problem: Problem): void {
    this.#lost = problem;
    for (const { reject } of this.#waiting.values()) reject(new RequestError(problem));
    this.#waiting.clear();
  }

  #hear(message: FromWorker): void {
    if (message.type === 'progress') {
      this.#waiting.get(message.id)?.onProgress?.(message.progress as never);
      return;
    }
    if (message.type !== 'answer' && message.type !== 'refusal') return this.onMessage(message);
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === 'answer') waiting?.resolve(message.output);
    else waiting?.reject(new RequestError(message.problem));
  }
}

/** What a worker refused, in its words. */
class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Any error as what is shown of it. */
export function asProblem(error: unknown): Problem {
  if (error instanceof RequestError) return error.problem;
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) };
}
