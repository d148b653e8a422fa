import { parseObject } from './parse-run.js';
import type { Machine, RunOrigin, Session } from './run-data.js';

/** Sessions of a run that are read, and characters of a text in one. */
const MOST = { sessions: 1000, words: 500, characters: 2000 } as const;

/** Parses the text of origin.json; what isn't as `llm101 train` writes it is left out. */
export function parseOrigin(text: string): RunOrigin | undefined {
  const { sessions } = parseObject(text) ?? {};
  if (!Array.isArray(sessions)) return undefined;
  return { sessions: sessions.slice(0, MOST.sessions).map(sessionOf) };
}

function sessionOf(value: unknown): Session {
  const { command, machine, versions, git, ...rest } = recordOf(value);
  const { commit, branch, isDirty, remote } = recordOf(git);
  const made = Object.entries(recordOf(versions)).slice(0, 20);
  return defined({
    startedAt: timeOf(rest['startedAt']),
    endedAt: timeOf(rest['endedAt']),
    durationMs: countOf(rest['durationMs']),
    reason: textOf(rest['reason']),
    command: Array.isArray(command)
      ? command.slice(0, MOST.words).map((word) => textOf(word) ?? '')
      : undefined,
    machine: machineOf(recordOf(machine)),
    versions: Object.fromEntries(
      made.flatMap(([name, of]) => (textOf(of) ? [[name, String(of)]] : [])),
    ),
    git: textOf(commit)
      ? defined({
          commit: textOf(commit) ?? '',
          branch: textOf(branch),
          isDirty: isDirty === true,
          remote: textOf(remote),
        })
      : undefined,
  });
}

function machineOf({ os, arch, cpu, cores, memoryBytes }: Record<string, unknown>): Machine {
  return defined({
    os: textOf(os),
    arch: textOf(arch),
    cpu: textOf(cpu),
    cores: countOf(cores),
    memoryBytes: countOf(memoryBytes),
  });
}

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, MOST.characters) : undefined;

const countOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;

/** ISO 8601, as `Date` writes it. */
const timeOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(value)
    ? value
    : undefined;

/** An object without what is undefined. */
function defined<Value extends object>(value: Value): Value {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries) as Value;
}
