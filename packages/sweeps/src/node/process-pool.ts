import { type ChildProcess, fork } from 'node:child_process';
import type { JobMessage, JobReply } from './serve-jobs.js';

/** Settings of {@link processPool}. */
export interface ProcessPoolOptions {
  /** The module of the processes, which calls `serveJobs`. */
  readonly module: URL;
  /** Arguments of each process. Default: none. */
  readonly args?: readonly string[];
  /** How often a job is tried whose process ends without an answer, as one does that is killed for its memory. Default: 3. */
  readonly attempts?: number;
  /** How long a process that is asked to stop may take for its checkpoint, in milliseconds. Default: 60,000. */
  readonly patienceMs?: number;
  /** Gets what a process says on its stderr, a line each. */
  readonly onLine?: (line: string, job: unknown) => void;
}

/** What {@link ProcessPool.run} needs besides a job. */
export interface RunJobOptions<Progress> {
  readonly signal?: AbortSignal | undefined;
  /** Told how far a job is. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Does jobs in other processes. */
export interface ProcessPool {
  /**
   * Does a job in a process that has no other: one that is idle, or a new one.
   *
   * @returns its answer; undefined where it was stopped before it had one
   * @throws JobProcessError when its work throws, or its processes end without an answer, each time
   */
  run<Answer, Progress = unknown>(
    job: object,
    options?: RunJobOptions<Progress>,
  ): Promise<Answer | undefined>;
  /** Ends the processes that are idle, and each other after its job. */
  close(): void;
}

/** A job has no answer: its work threw, or its processes ended. */
export class JobProcessError extends Error {
  override readonly name = 'JobProcessError';
}

/** Lines of stderr among which an error finds what to quote. */
const LAST_LINES = 40;
/** Characters of a line that are kept. */
const MOST_CHARACTERS = 2000;

/**
 * Processes for jobs, as many as are done at a time: whatever becomes of one, the others and this one go on. One that has ended its job waits
 * for the next, and is replaced where it has grown, or where its work failed.
 */
export function processPool(options: ProcessPoolOptions): ProcessPool {
  const { attempts = 3 } = options;
  const idle: JobProcess[] = [];
  let isClosed = false;
  const takeIdle = (): JobProcess | undefined => {
    for (let own = idle.pop(); own !== undefined; own = idle.pop()) if (own.isIdle) return own; // one may have died meanwhile
    return undefined;
  };
  const runOnce = async <Progress>(job: object, own: RunJobOptions<Progress>): Promise<End> => {
    const taken = takeIdle() ?? new JobProcess(options);
    const end = await taken.run(job, own);
    if (isClosed) taken.close();
    else idle.push(taken);
    return end;
  };
  return {
    async run<Answer, Progress>(job: object, own: RunJobOptions<Progress> = {}) {
      const ends: string[] = [];
      while (ends.length < attempts) {
        if (own.signal?.aborted === true) return undefined;
        const end = await runOnce(job, own);
        if (end.type === 'answer') return end.answer as Answer;
        if (end.type === 'stopped') return undefined;
        if (end.type === 'failed') throw new JobProcessError(end.message);
        ends.push(end.why);
      }
      if (own.signal?.aborted === true) return undefined;
      const times = attempts === 1 ? '' : `, ${attempts} times`;
      throw new JobProcessError(`its process ended without an answer${times}: ${ends.at(-1)}`);
    },
    close() {
      isClosed = true;
      for (const process of idle.splice(0)) process.close();
    },
  };
}

/** How a job ended. */
type End =
  Exclude<JobReply, { type: 'progress' }> | { readonly type: 'crashed'; readonly why: string };

/** A process that does jobs, one at a time. */
class JobProcess {
  readonly #child: ChildProcess;
  readonly #patienceMs: number;
  readonly #stderr: LastLines;
  #job: CurrentJob | undefined;
  #isAlive = true;

  constructor({ module, args = [], patienceMs = 60_000, onLine }: ProcessPoolOptions) {
    this.#patienceMs = patienceMs;
    this.#child = fork(module, [...args], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.#stderr = new LastLines(this.#child, (line) => onLine?.(line, this.#job?.job));
    this.#child.on('message', (reply: JobReply) => this.#hear(reply));
    this.#child.on('error', (error) => this.#end(error.message));
    this.#child.on('close', (status, signal) =>
      this.#end(signal === null ? `status ${status}` : `signal ${signal}`),
    );
  }

  /** Whether it waits for a job. */
  get isIdle(): boolean {
    return this.#isAlive && this.#job === undefined;
  }

  /** Does a job. It resolves once the process is idle again, or has ended. */
  run<Progress>(job: object, { signal, onProgress }: RunJobOptions<Progress>): Promise<End> {
    this.#stderr.forget();
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const stop = (): void => {
        this.#send({ type: 'stop' });
        timer = setTimeout(() => this.#child.kill('SIGKILL'), this.#patienceMs);
      };
      this.#job = {
        job,
        reply: undefined,
        isStopped: () => signal?.aborted === true,
        onProgress: (progress) => onProgress?.(progress as Progress),
        end: (end) => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', stop);
          this.#job = undefined;
          resolve(end);
        },
      };
      this.#send({ type: 'job', job });
      signal?.addEventListener('abort', stop, { once: true });
      if (signal?.aborted === true) stop();
    });
  }

  /** Ends it, if it hasn't: at once where it is idle. */
  close(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  #send(message: JobMessage<object>): void {
    if (this.#child.connected) this.#child.send(message, () => {}); // one that has ended is heard of by its exit
  }

  #hear(reply: JobReply): void {
    const current = this.#job;
    if (reply.type === 'progress') return current?.onProgress(reply.progress);
    if (current === undefined) return;
    current.reply = reply;
    if (reply.type === 'answer' && reply.stays && !current.isStopped()) current.end(reply);
  }

  /** It has ended: of itself, of its job, or of what befell it. */
  #end(how: string): void {
    this.#isAlive = false;
    const { reply, isStopped, end } = this.#job ?? {};
    if (reply?.type === 'answer' || reply?.type === 'failed') end?.(reply);
    else if (reply !== undefined || isStopped?.() === true) end?.({ type: 'stopped' });
    else end?.({ type: 'crashed', why: [how, ...this.#stderr.why()].join(', ') });
  }
}

/** The job that a process has. */
interface CurrentJob {
  readonly job: object;
  /** Its last word. */
  reply: Exclude<JobReply, { type: 'progress' }> | undefined;
  /** Whether it was asked to stop. */
  readonly isStopped: () => boolean;
  readonly onProgress: (progress: unknown) => void;
  readonly end: (end: End) => void;
}

/** What a process has said last on its stderr. */
class LastLines {
  #last: string[] = [];
  #rest = '';

  constructor({ stderr }: ChildProcess, onLine: (line: string) => void) {
    stderr?.setEncoding('utf8');
    stderr?.on('data', (text: string) => {
      const lines = `${this.#rest}${text}`.split('\n');
      this.#rest = (lines.pop() ?? '').slice(0, MOST_CHARACTERS);
      for (const line of lines) {
        this.#last.push(line.slice(0, MOST_CHARACTERS));
        if (this.#last.length > LAST_LINES) this.#last.shift();
        onLine(line.slice(0, MOST_CHARACTERS));
      }
    });
  }

  /** Forgets what was said of another job. */
  forget(): void {
    this.#last = [];
    this.#rest = '';
  }

  /** The line that says why it ended, or its last, if there is one. */
  why(): string[] {
    const said = [...this.#last, this.#rest]
      .map((line) => line.trim())
      .filter((line) => line !== '');
    const why = said.find((line) => /^FATAL ERROR|Error: /.test(line)) ?? said.at(-1);
    return why === undefined ? [] : [why];
  }
}
