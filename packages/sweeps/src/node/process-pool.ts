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

/** Does jobs in processes of their own. */
export interface ProcessPool {
  /**
   * Does a job in a new process, whose memory is free again afterwards.
   *
   * @returns its answer; undefined where it was stopped before it had one
   * @throws JobProcessError when its work throws, or its processes end without an answer, each time
   */
  run<Answer, Progress = unknown>(
    job: object,
    options?: RunJobOptions<Progress>,
  ): Promise<Answer | undefined>;
}

/** A job has no answer: its work threw, or its processes ended. */
export class JobProcessError extends Error {
  override readonly name = 'JobProcessError';
}

/** Lines of stderr among which an error finds what to quote. */
const LAST_LINES = 40;
/** Characters of a line that are kept. */
const MOST_CHARACTERS = 2000;

/** Processes for jobs, one each: whatever becomes of one, the others and this one go on, and its memory is given back. */
export function processPool(options: ProcessPoolOptions): ProcessPool {
  const { attempts = 3 } = options;
  return {
    async run<Answer, Progress>(job: object, own: RunJobOptions<Progress> = {}) {
      const ends: string[] = [];
      for (let attempt = 0; attempt < attempts; attempt++) {
        if (own.signal?.aborted === true) return undefined;
        const reply = await runOnce<Progress>(job, own, options);
        if (reply.type === 'answer') return reply.answer as Answer;
        if (reply.type === 'stopped') return undefined;
        if (reply.type === 'failed') throw new JobProcessError(reply.message);
        ends.push(reply.why);
      }
      if (own.signal?.aborted === true) return undefined;
      const times = attempts === 1 ? '' : `, ${attempts} times`;
      throw new JobProcessError(`its process ended without an answer${times}: ${ends.at(-1)}`);
    },
  };
}

/** How a process ended. */
type End =
  | { readonly type: 'answer'; readonly answer: unknown }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'crashed'; readonly why: string };

function runOnce<Progress>(
  job: object,
  { signal, onProgress }: RunJobOptions<Progress>,
  { module, args = [], patienceMs = 60_000, onLine }: ProcessPoolOptions,
): Promise<End> {
  const child = fork(module, [...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const lastWords = linesOf(child, (line) => onLine?.(line, job));
  return new Promise((resolve) => {
    let reply: JobReply | undefined;
    let timer: NodeJS.Timeout | undefined;
    const send = (message: JobMessage<object>): void => {
      if (child.connected) child.send(message, () => {}); // one that has ended is heard of by its exit
    };
    const stop = (): void => {
      send({ type: 'stop' });
      timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    };
    child.on('message', (message: JobReply) => {
      if (message.type === 'progress') onProgress?.(message.progress as Progress);
      else reply = message;
    });
    const end = (how: string): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      if (reply?.type === 'answer' || reply?.type === 'failed') resolve(reply);
      else if (reply !== undefined || signal?.aborted === true) resolve({ type: 'stopped' });
      else resolve({ type: 'crashed', why: [how, ...lastWords()].join(', ') });
    };
    child.on('error', (error) => end(error.message));
    child.on('close', (status, name) => end(name === null ? `status ${status}` : `signal ${name}`));
    send({ type: 'job', job });
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted === true) stop();
  });
}

/** Reads a process' stderr. @returns the line that says why it ended, or its last, if there is one */
function linesOf({ stderr }: ChildProcess, onLine: (line: string) => void): () => string[] {
  const last: string[] = [];
  let rest = '';
  stderr?.setEncoding('utf8');
  stderr?.on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = (lines.pop() ?? '').slice(0, MOST_CHARACTERS);
    for (const line of lines) {
      last.push(line.slice(0, MOST_CHARACTERS));
      if (last.length > LAST_LINES) last.shift();
      onLine(line.slice(0, MOST_CHARACTERS));
    }
  });
  return () => {
    const said = [...last, rest].map((line) => line.trim()).filter((line) => line !== '');
    const why = said.find((line) => /^FATAL ERROR|Error: /.test(line)) ?? said.at(-1);
    return why === undefined ? [] : [why];
  };
}
