import { existsSync } from 'node:fs';
import type { TextEvaluation } from '@llm101/runs';
import type { EndReason, RunConfig, TrainingListener } from '@llm101/training';
import type { InitOptions, WandbRun } from '@llm101/wandb';
import { describeFileError } from '../terminal/errors.js';

/** A run among those of one piece of work, such as a sweep. What is missing is of the environment: `WANDB_RUN_GROUP`, … */
export type Tracking = Pick<InitOptions, 'group' | 'name' | 'jobType' | 'tags'>;

/** What is left for the end of a run. @param evaluation - the closing validation of its model, if there was one */
export type AtEnd = (evaluation: TextEvaluation | undefined) => Promise<void>;

/** What a log is opened with. */
export interface OpenLogOptions {
  /** The last step whose lines a resumed log keeps; undefined for a new one. */
  readonly resumedAt: number | undefined;
  /** How the run is called where it is tracked, such as a trial of a sweep. */
  readonly tracking: Tracking | undefined;
  /** The model that the run saves, where it is to be sent too. */
  readonly model: string | undefined;
  /** Gets a line about what fails. */
  readonly warn: (message: string) => void;
  /** Adds work that is left for the end of the run. */
  readonly atEnd: (work: AtEnd) => void;
}

type OpenLog = Promise<(path: string, options: OpenLogOptions) => TrainingListener>;

/** A log that a run has only where `--log` asks for it. */
interface ExtraLog {
  /** Its file or folder in the run's folder. */
  readonly path: string;
  /** Whether its last line waits for the closing validation. One that a resumed run continues by the byte doesn't. */
  readonly isConcluded: boolean;
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
    isConcluded: false,
    async load(): OpenLog {
      const { csvFile } = await import('@llm101/training/node');
      return (path, { resumedAt }) => csvFile(path, resumedAt === undefined ? {} : { resumedAt });
    },
  },
  tensorboard: {
    path: 'tensorboard',
    isConcluded: true,
    async load(): OpenLog {
      const { tensorboardFile } = await import('@llm101/training/node');
      return (path) => tensorboardFile(path);
    },
  },
  wandb: {
    path: 'wandb',
    isConcluded: true,
    async load(): OpenLog {
      const { init, trainingListener } = await import('@llm101/wandb');
      return (folder, { resumedAt, tracking, model, warn, atEnd }) => {
        const options = {
          folder,
          ...tracking,
          project: process.env['WANDB_PROJECT'] || 'llm101',
          program: 'llm101',
          console: process.env['WANDB_CONSOLE'] !== 'off',
          syncCommand: 'llm101 wandb sync',
          onMessage: (message: string) => warn(message),
          ...(resumedAt !== undefined && { resumedAt }),
        };
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
        atEnd(async (evaluation) => {
          try {
            if (model !== undefined && existsSync(model)) {
              run.logArtifact({ name: `model-${run.id}`, type: 'model', files: [model] });
            }
          } catch (error) {
            warn(`${model} can't be sent: ${describeFileError(error)}`);
          }
          try {
            if (evaluation !== undefined) run.updateSummary(resultsOf(evaluation));
            await run.finish(exitCode);
          } catch (error) {
            warn(`${folder} is incomplete: ${describeFileError(error)}`);
          }
        });
        return (event) => {
          if (event.type === 'end') exitCode = EXIT_CODES[event.reason];
          listener(event);
        };
      };
    },
  },
} satisfies Readonly<Record<string, ExtraLog>>;

/** Results of a whole run, as its summary has them. */
const resultsOf = ({ loss, accuracy, perplexity, ...more }: TextEvaluation): RunConfig => ({
  valLoss: loss,
  valAccuracy: accuracy,
  valPerplexity: perplexity,
  ...more,
});

/** The name of one of {@link extraLogs}. */
export type ExtraLogName = keyof typeof extraLogs;

/** The names of {@link extraLogs}. */
export const extraLogNames = Object.keys(extraLogs) as ExtraLogName[];
