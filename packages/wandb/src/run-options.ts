import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { gitFacts } from './facts/git.js';
import { metadataOf } from './facts/metadata.js';
import { withoutSecrets } from './facts/secrets.js';
import { environment, setting } from './settings/sources.js';
import type { Resume, RunConfig, RunRecord } from './spool/run-record.js';
import { readTextWithin } from './spool/files.js';
import { parseRow } from './spool/run-record.js';

/** What a run is. What isn't given is taken from the environment, under W&B's own names. */
export interface RunOptions {
  /** `WANDB_PROJECT`, else `uncategorized`, as at W&B. */
  readonly project?: string;
  /** A user or team: `WANDB_ENTITY`, else the key's own. */
  readonly entity?: string;
  /** `WANDB_NAME`, else one that W&B makes up. */
  readonly name?: string;
  /** Unique in its project, 1 to 128 letters, digits, `-` and `_`: `WANDB_RUN_ID`, else one of eight letters and digits. */
  readonly id?: string;
  /** Runs of one group, such as the trials of a sweep, are shown as one: `WANDB_RUN_GROUP`. */
  readonly group?: string;
  /** What the run does in its group, such as `train`: `WANDB_JOB_TYPE`. */
  readonly jobType?: string;
  /** `WANDB_NOTES`. */
  readonly notes?: string;
  /** `WANDB_TAGS`, with commas between them. */
  readonly tags?: readonly string[];
  /** The run's settings. */
  readonly config?: RunConfig;
  /**
   * Whether a run of this id, which another process began, is continued: it has to be there (`must`), it may be (`allow`), it must not (`never`);
   * `auto` continues the run that was begun last here and didn't end. `WANDB_RESUME`.
   */
  readonly resume?: Resume | 'auto';
  /** What is run. Default: the script. */
  readonly program?: string;
  /** With what arguments; passwords and keys are left out. Default: those of the process. */
  readonly args?: readonly string[];
}

/** Names of a run are in addresses and file names. */
const ID = /^[\w-]{1,128}$/;

/** Of `auto`: which run was begun here and hasn't ended. */
export const resumeFile = (): string =>
  join(environment('WANDB_DIR') ?? '.', 'wandb', 'wandb-resume.json');

/** @throws RangeError when an id or a way to resume is wrong */
export function newRecord(options: RunOptions): RunRecord {
  const resume = resolveResume(options.resume ?? environment('WANDB_RESUME'));
  const id = options.id ?? environment('WANDB_RUN_ID') ?? lastId(resume) ?? newId();
  if (!ID.test(id)) {
    throw new RangeError(
      `wandb: WANDB_RUN_ID must be 1 to 128 letters, digits, '-' or '_'; got '${id.slice(0, 150)}'`,
    );
  }
  const given: [string, string | undefined][] = [
    ['entity', options.entity ?? setting('entity')],
    ['name', options.name ?? environment('WANDB_NAME')],
    ['group', options.group ?? environment('WANDB_RUN_GROUP')],
    ['jobType', options.jobType ?? environment('WANDB_JOB_TYPE')],
    ['notes', options.notes ?? environment('WANDB_NOTES')],
  ];
  const tags =
    options.tags ??
    environment('WANDB_TAGS')
      ?.split(',')
      .map((tag) => tag.trim());
  const startedAt = new Date().toISOString();
  const program = options.program ?? process.argv[1] ?? 'node';
  const git = environment('WANDB_DISABLE_GIT') === undefined ? gitFacts('.') : undefined;
  const args = withoutSecrets(options.args ?? process.argv.slice(2));
  return {
    id,
    project: options.project ?? setting('project') ?? 'uncategorized',
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    ...(tags && { tags: tags.filter((tag) => tag !== '') }),
    config: options.config ?? {},
    startedAt,
    host: hostname(),
    program,
    ...(git && { git }),
    ...(resume && { resume: resume === 'auto' ? 'allow' : resume }),
    metadata: metadataOf({ startedAt, program, args, git, writerId: newId(32) }),
  };
}

function resolveResume(written: string | undefined): Resume | 'auto' | undefined {
  switch (written) {
    case undefined:
    case 'must':
    case 'allow':
    case 'never':
    case 'auto':
      return written;
    default:
      throw new RangeError(
        `wandb: WANDB_RESUME must be must, allow, never or auto; got '${written}'`,
      );
  }
}

/** The id of the run that was begun last here and hasn't ended, where one is asked for. */
function lastId(resume: Resume | 'auto' | undefined): string | undefined {
  if (resume !== 'auto' || !existsSync(resumeFile())) return undefined;
  try {
    const id = parseRow(readTextWithin(resumeFile(), 10_000))?.['run_id'];
    return typeof id === 'string' && ID.test(id) ? id : undefined;
  } catch {
    return undefined;
  }
}

/** Eight of 36 letters and digits, as W&B's own. They have no part in a run's randomness. */
function newId(length = 8): string {
  return Array.from({ length }, () => randomInt(36).toString(36)).join('');
}
