import { execFile } from 'node:child_process';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { promisify } from 'node:util';
import { withoutSecrets } from '@llm101/wandb';
import { versions } from '../versions.js';

/** The machine that a run is made on. Its name is left out: reports are shown to others. */
interface Machine {
  /** Kernel and its release, `Linux 6.1.0`. */
  readonly os: string;
  /** As Node names it, `x64`. */
  readonly arch: string;
  /** The processor as it names itself; missing where it doesn't. */
  readonly cpu?: string;
  /** Cores of the machine, threads of one core counted each. */
  readonly cores: number;
  /** Of these, those that the process may use. */
  readonly usableCores: number;
  /** Of the machine, in bytes. */
  readonly memoryBytes: number;
}

/** What git says of the folder in which the command was started. */
export interface GitState {
  /** The commit that is checked out, 40 hexadecimal digits or 64. */
  readonly commit: string;
  /** Missing where no branch is checked out. */
  readonly branch?: string;
  /** Whether a file that git knows differs from the commit. */
  readonly isDirty: boolean;
  /** The address of the remote `origin`, without user and password. */
  readonly remote?: string;
}

/** Where a run comes from. */
export interface Origin {
  /** ISO 8601, in UTC. */
  readonly startedAt: string;
  /** The command line, `llm101` first, without secrets. */
  readonly command: readonly string[];
  readonly versions: typeof versions;
  readonly machine: Machine;
  /** Missing outside of a checkout, where there is no commit yet, and where git doesn't answer. */
  readonly git?: GitState;
}

/** What is known here and now of where a run comes from. */
export async function originOfNow(): Promise<Origin> {
  const startedAt = new Date().toISOString();
  git ??= gitOf('.');
  const state = await git;
  return {
    startedAt,
    command: ['llm101', ...withoutSecrets(process.argv.slice(2))],
    versions,
    machine: machineOf(),
    ...(state && { git: state }),
  };
}

/** Asked once: a sweep starts many runs. */
let git: Promise<GitState | undefined> | undefined;

function machineOf(): Machine {
  const all = cpus(); // empty where /proc isn't readable
  const model = all.at(0)?.model.replaceAll(/\s+/g, ' ').trim();
  return {
    os: `${type()} ${release()}`,
    arch: process.arch,
    ...(model !== undefined && model !== '' && model !== 'unknown' && { cpu: model }),
    cores: Math.max(all.length, 1),
    usableCores: availableParallelism(),
    memoryBytes: totalmem(),
  };
}

const run = promisify(execFile);

/** How long git may take; in a large checkout on a slow disk it reads for long. */
const PATIENCE_MS = 3000;

/** Git starts no program that the checkout's settings name for looking at files, asks nothing and locks nothing. */
const CAUTION = ['--no-optional-locks', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath='];

/** @returns nothing outside of a checkout, where there is no commit yet, and where git doesn't answer */
export async function gitOf(folder: string): Promise<GitState | undefined> {
  const ask = async (args: string): Promise<string> => {
    const env = { ...process.env, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
    const options = { cwd: folder, env, timeout: PATIENCE_MS, maxBuffer: 2 ** 24 };
    return (await run('git', [...CAUTION, ...args.split(' ')], options)).stdout;
  };
  const [answer, remote] = await Promise.all([
    ask('status --porcelain=v2 --branch --untracked-files=no --ignore-submodules=all').catch(
      () => '',
    ),
    ask('config --get remote.origin.url').catch(() => ''),
  ]);
  const lines = answer.split('\n').filter((line) => line !== '');
  const said = (what: string): string | undefined =>
    lines.find((line) => line.startsWith(`# branch.${what} `))?.split(' ')[2];
  const [commit, branch] = [said('oid'), said('head')];
  if (commit === undefined || !/^[0-9a-f]{40,64}$/.test(commit)) return undefined;
  const address = withoutSecrets([remote.trim()])[0];
  return {
    commit,
    ...(branch !== undefined && branch !== '(detached)' && { branch }),
    isDirty: lines.some((line) => !line.startsWith('# ')),
    ...(address !== '' && { remote: address }),
  };
}
