/** What a process is told. */
export type JobMessage<Job> =
  { readonly type: 'job'; readonly job: Job } | { readonly type: 'stop' };

/** What it says. */
export type JobReply =
  | { readonly type: 'progress'; readonly progress: unknown }
  | { readonly type: 'answer'; readonly answer: unknown }
  /** Without an answer, as it was asked to. */
  | { readonly type: 'stopped' }
  /** By what its work threw. */
  | { readonly type: 'failed'; readonly message: string };

/** What the work of a process gets besides the job. */
export interface ServeOptions<Progress> {
  /** Asks it to keep what it needs to go on, and to return. */
  readonly signal: AbortSignal;
  /** Says how far it is. */
  readonly report: (progress: Progress) => void;
}

/** Does a job. @returns its answer; undefined where it was stopped before it had one */
export type Work<Job, Progress> = (job: Job, options: ServeOptions<Progress>) => Promise<unknown>;

/**
 * Makes this process, which `processPool` has started, do the one job that it is sent, and end. It stops where it is asked to, and where the
 * one that started it is gone; a Ctrl-C, which the terminal sends to both, is left to that one.
 */
export function serveJobs<Job extends object, Progress = unknown>(work: Work<Job, Progress>): void {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.on('SIGINT', () => {});
  process.on('SIGTERM', stop);
  process.on('disconnect', stop);
  const report = (progress: Progress): void => void send({ type: 'progress', progress });
  const serve = async (job: Job): Promise<void> => {
    try {
      const answer = await work(job, { signal: controller.signal, report });
      await send(answer === undefined ? { type: 'stopped' } : { type: 'answer', answer });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      await send({ type: 'failed', message });
    }
    process.exit();
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
