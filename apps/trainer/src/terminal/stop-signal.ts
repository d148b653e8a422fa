import { setImmediate as turn } from 'node:timers/promises';
import type { Output } from './output.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Conventional exit statuses: 128 plus the signal's number. */
const EXIT_STATUS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** One Ctrl-C may come twice: from the terminal, and passed on by npm. */
const SAME_MS = 500;

/** The command ends because a signal asked it to; the message says what is saved, and so does the result with `--json`. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly result: object;

  constructor(message: string, result: object = {}) {
    super(message);
    this.result = result;
  }
}

/** Listens for the signals that ask a program to end. */
export interface StopSignal {
  /** Aborted once one has come. */
  readonly signal: AbortSignal;
  /** What the program should exit with then. */
  readonly exitStatus: number | undefined;
  /**
   * Lets signals in that came while JavaScript was busy.
   *
   * @throws Stopped with the message and the result if a signal has come
   */
  check(message: string, result?: object): Promise<void>;
  /** Stops listening. */
  release(): void;
}

/** From now on the first Ctrl-C asks to stop; a second one ends the program at once. */
function stopSignal(): StopSignal {
  const controller = new AbortController();
  let exitStatus: number | undefined;
  let firstMs = 0;
  const stop = (name: NodeJS.Signals): void => {
    if (exitStatus !== undefined && performance.now() - firstMs > SAME_MS) process.exit(exitStatus);
    if (exitStatus !== undefined) return;
    firstMs = performance.now();
    exitStatus = EXIT_STATUS[name as (typeof SIGNALS)[number]];
    controller.abort(new Stopped('stopped before training; nothing is saved'));
  };
  for (const name of SIGNALS) process.on(name, stop);
  return {
    signal: controller.signal,
    get exitStatus() {
      return exitStatus;
    },
    async check(message, result) {
      await turn();
      if (exitStatus !== undefined) throw new Stopped(message, result);
    },
    release() {
      for (const name of SIGNALS) process.off(name, stop);
    },
  };
}

/**
 * Runs a command that can be stopped.
 *
 * @param work - what it does; it returns the exit status
 * @returns the exit status, that of the signal if one has come
 */
export async function untilStopped(
  work: (stop: StopSignal) => Promise<number>,
  output: Output,
): Promise<number> {
  const stop = stopSignal();
  try {
    const status = await work(stop);
    await turn();
    return stop.exitStatus ?? status;
  } catch (error) {
    if (!(error instanceof Stopped) || stop.exitStatus === undefined) throw error;
    output.print(error.message);
    output.answer([], { status: 'stopped', ...error.result });
    return stop.exitStatus;
  } finally {
    stop.release();
  }
}
