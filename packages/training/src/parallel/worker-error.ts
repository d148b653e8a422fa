/** A worker couldn't start, failed or has ended: the run that it was part of is over. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError';
  /** Which one, from 1 on; this thread, which computes too, is none. */
  readonly worker: number;

  constructor(worker: number, reason: string, options?: ErrorOptions) {
    super(`worker ${worker} ${reason}`, options);
    this.worker = worker;
  }
}
