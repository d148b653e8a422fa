import { execFileSync } from 'node:child_process';
import type { GitFacts } from '../spool/run-record.js';
import { withoutUser } from './secrets.js';

/** How long git may take. */
const PATIENCE_MS = 2000;

/** Git starts no program that the checkout's settings name, asks nothing and locks nothing. */
const CAUTION = ['--no-optional-locks', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath='];

/** The commit that is checked out and the address of `origin`; `undefined` outside of a checkout, or where there is no git. */
export function gitFacts(folder: string): GitFacts | undefined {
  const commit = ask(folder, ['rev-parse', '--verify', '--quiet', 'HEAD']);
  const remote = ask(folder, ['config', '--get', 'remote.origin.url']);
  if (commit === undefined && remote === undefined) return undefined;
  return {
    ...(commit !== undefined && /^[0-9a-f]{40,64}$/.test(commit) && { commit }),
    ...(remote !== undefined && { remote: withoutUser(remote).slice(0, 2000) }),
  };
}

/** The first line of what git answers. */
function ask(cwd: string, args: readonly string[]): string | undefined {
  try {
    const answer = execFileSync('git', [...CAUTION, ...args], {
      cwd,
      env: { ...process.env, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
      encoding: 'utf8',
      timeout: PATIENCE_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return answer.split('\n')[0].trim() || undefined;
  } catch {
    return undefined;
  }
}
