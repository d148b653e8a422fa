const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Exit statuses by custom: 128 and the signal's number. */
const EXIT_STATUS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Listens for the signals that ask a program to end. */
export interface StopSignal {
  /** Aborted once one has come. */
  readonly signal: AbortSignal;
  /** What the program should exit with then. */
  readonly exitStatus: number | undefined;
  /** Listens no longer. */
  release(): void;
}

/** From now on the first Ctrl-C asks to stop; a second one ends the program at once. */
export function stopSignal(): StopSignal {
  const controller = new AbortController();
  let exitStatus: number | undefined;
  const release = (): void => {
    for (const name of SIGNALS) process.off(name, stop);
  };
  const stop = (name: NodeJS.Signals): void => {
    exitStatus = EXIT_STATUS[name as (typeof SIGNALS)[number]];
    release();
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, stop);
  return {
    signal: controller.signal,
    get exitStatus() {
      return exitStatus;
    },
    release,
  };
}
