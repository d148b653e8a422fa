/** What a process is told. */
export type JobMessage<Job> =
  { readonly type: 'job'; readonly job: Job } | { readonly type: 'stop' };

/** What it says. */
export type JobReply =
  | { readonly type: 'progress'; readonly progress: unknown }
  /** And whether it waits for another job now, or ends. */
  | { readonly type: 'answer'; readonly answer: unknown; readonly stays: boolean }
  /** Without an answer, as it was asked to. */
  | { readonly type: 'stopped' }
  /** By what its work threw. */
  | { readonly type: 'failed'; readonly message: string };

/** What the work of a process gets besides the job. */
export interface WorkOptions<Progress> {
  /** Asks it to keep what it needs to go on, and to return. */
  readonly signal: AbortSignal;
  /** Says how far it is. */
  readonly report: (progress: Progress) => void;
}

/** Does a job. @returns its answer; undefined where it was stopped before it had one */
export type Work<Job, Answer, Progress> = (
  job: Job,
  options: WorkOptions<Progress>,
) => Promise<Answer | undefined>;

/** Settings of {@link serveJobs}. */
export interface ServeJobsOptions<Answer> {
  /** Whether a job that was answered so leaves nothing behind that the next could meet. Default: always. */
  readonly isClean?: (answer: Answer) => boolean;
}

/** A process with more memory than this, in bytes, makes room for a new one: WebAssembly's memory never shrinks. */
const MOST_BYTES = 2 ** 29;

/**
 * Makes this process, which `processPool` has started, do the jobs that it is sent, one at a time. It ends after a job whose work threw, was
 * stopped, or wasn't clean; where jobs have left it with half a gigabyte of memory; and where the one that started it is gone. A Ctrl-C, which
 * the terminal sends to both, is left to that one.
 */
export function serveJobs<Job extends object, Answer, Progress = unknown>(
  work: Work<Job, Answer, Progress>,
  { isClean = () => true }: ServeJobsOptions<Answer> = {},
): void {
  const controller = new AbortController();
  const { signal } = controller;
  let busy = 0;
  const stop = (): void => {
    if (busy === 0) process.exit();
    controller.abort();
  };
  process.on('SIGINT', () => {});
  process.on('SIGTERM', stop);
  process.on('disconnect', stop);
  const report = (progress: Progress): void => void send({ type: 'progress', progress });
  const replyTo = async (job: Job): Promise<JobReply> => {
    try {
      const answer = await work(job, { signal, report });
      if (answer === undefined) return { type: 'stopped' };
      const stays = isClean(answer) && process.memoryUsage.rss() < MOST_BYTES;
      return { type: 'answer', answer, stays: stays && !signal.aborted };
    } catch (error) {
      return { type: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
  };
  const serve = async (job: Job): Promise<void> => {
    busy++; // the next job may be here before an answer is known to be sent
    const reply = await replyTo(job);
    await send(reply);
    busy--;
    if (reply.type !== 'answer' || !reply.stays || signal.aborted) process.exit();
  };
  process.on('message', (message: JobMessage<Job>) => {
    if (message.type === 'stop') stop();
    else void serve(message.job);
  });
}

/** Resolves once it is sent, or can't be. */
function send(reply: JobReply): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(reply, undefined, {}, () => resolve());
  });
}
