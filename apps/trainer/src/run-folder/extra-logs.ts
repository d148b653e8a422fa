import type { EndReason, TrainingListener } from '@llm101/training';
import type { WandbRun } from '@llm101/wandb';
import { describeFileError } from '../terminal/errors.js';

/** What a log is opened with. */
export interface OpenLogOptions {
  /** The last step whose lines a resumed log keeps; undefined for a new one. */
  readonly resumedAt: number | undefined;
  /** Gets a line about what fails. */
  readonly warn: (message: string) => void;
  /** Adds work that is left for the end of the run. */
  readonly atEnd: (work: () => Promise<void>) => void;
}

type OpenLog = Promise<(path: string, options: OpenLogOptions) => TrainingListener>;

/** A log that a run has only where `--log` asks for it. */
interface ExtraLog {
  /** Its file or folder in the run's folder. */
  readonly path: string;
  /** Loads the code that writes it; no other run should wait for that. */
  load(): OpenLog;
}

/** Conventional exit codes: 0 for success, 130 after Ctrl-C. */
const EXIT_CODES: Readonly<Record<EndReason, number>> = {
  finished: 0,
  'no better': 0,
  stopped: 130,
  failed: 1,
};

/** The logs by the name that `--log` has for them. A new one is a row here. */
export const extraLogs = {
  csv: {
    path: 'metrics.csv',
    async load(): OpenLog {
      const { csvFile } = await import('@llm101/training/node');
      return (path, { resumedAt }) => csvFile(path, resumedAt === undefined ? {} : { resumedAt });
    },
  },
  tensorboard: {
    path: 'tensorboard',
    async load(): OpenLog {
      const { tensorboardFile } = await import('@llm101/training/node');
      return (path) => tensorboardFile(path);
    },
  },
  wandb: {
    path: 'wandb',
    async load(): OpenLog {
      const { init, trainingListener } = await import('@llm101/wandb');
      return (folder, { resumedAt, warn, atEnd }) => {
        const project = process.env['WANDB_PROJECT'] || 'llm101';
        const resumed = resumedAt === undefined ? {} : { resumedAt };
        const options = { folder, project, onMessage: warn, ...resumed };
        let run: WandbRun;
        try {
          run = init(options);
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
          warn(`${error.message}; the run is kept in ${folder}, and nothing is sent`);
          run = init({ ...options, mode: 'offline' });
        }
        const listener = trainingListener(run, { watch: 'all' });
        let exitCode = EXIT_CODES.failed;
        atEnd(() =>
          run
            .finish(exitCode)
            .catch((error: unknown) =>
              warn(`${folder} is incomplete: ${describeFileError(error)}`),
            ),
        );
        return (event) => {
          if (event.type === 'end') exitCode = EXIT_CODES[event.reason];
          listener(event);
        };
      };
    },
  },
} satisfies Readonly<Record<string, ExtraLog>>;

/** The name of one of {@link extraLogs}. */
export type ExtraLogName = keyof typeof extraLogs;

/** The names of {@link extraLogs}. */
export const extraLogNames = Object.keys(extraLogs) as ExtraLogName[];
