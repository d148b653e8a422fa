import type { RunData, Session } from '../run-data.js';
import { duration, html, type Content } from './html.js';

/** Where a run comes from: when, how long, on which machine, from which commit, by which command. */
export function originOfRun({ origin }: RunData): Content {
  const [first, ...more] = origin?.sessions ?? [];
  if (first === undefined) return '';
  const last = more.at(-1) ?? first;
  const times = [first, ...more].flatMap(({ durationMs }) => durationMs ?? []);
  const sessions = more.length > 0 ? `, in ${more.length + 1} sessions` : '';
  const rows: [name: string, value: Content][] = [
    ['Started', when(first.startedAt)],
    ['Ended', [when(last.endedAt), last.reason === undefined ? '' : `, ${last.reason}`]],
    [
      'Took',
      times.length > 0 ? `${duration(times.reduce((sum, ms) => sum + ms, 0))}${sessions}` : '–',
    ],
    ['Machine', machineOf(last)],
    [
      'System',
      [last.machine.os, last.machine.arch].filter((part) => part !== undefined).join(' · '),
    ],
    ['Versions', versionsOf(last)],
    ['Git commit', gitOf(last)],
    ['Command', html`<code>${(first.command ?? []).map(quoted).join(' ')}</code>`],
  ];
  return html`<section>
    <h2>Where it comes from</h2>
    <table>
      ${rows.map(
        ([name, value]) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td>${value === '' ? '–' : value}</td>
          </tr>`,
      )}
    </table>
  </section>`;
}

/** Machines, commits and versions of several runs that are named; more are counted. */
const MOST_NAMED = 4;

/** Where several runs come from: what they have in common, and what they don't. */
export function originOfRuns(runs: readonly RunData[]): Content {
  const sessions = runs.flatMap(({ origin }) => origin?.sessions.slice(-1) ?? []);
  if (sessions.length === 0) return '';
  const times = runs
    .flatMap(({ origin }) => origin?.sessions.flatMap((one) => [one.startedAt, one.endedAt]) ?? [])
    .filter((time) => time !== undefined)
    .sort();
  const distinct = (of: (session: Session) => string): string => {
    const all = [...new Set(sessions.map(of))].filter((text) => text !== '');
    const more = all.length > MOST_NAMED ? ` and ${all.length - MOST_NAMED} more` : '';
    return `${all.slice(0, MOST_NAMED).join('; ')}${more}`;
  };
  const rows: [name: string, value: string][] = [
    ['Between', `${when(times.at(0))} and ${when(times.at(-1))}`],
    ['Machine', distinct(machineOf)],
    ['Versions', distinct(versionsOf)],
    [
      'Git commit',
      distinct(({ git }) => (git ? `${git.commit}${git.isDirty ? ' with changes' : ''}` : '')),
    ],
  ];
  return html`<section>
    <h2>Where they come from</h2>
    <table>
      ${rows.map(
        ([name, value]) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td>${value === '' ? '–' : value}</td>
          </tr>`,
      )}
    </table>
  </section>`;
}

const versionsOf = ({ versions }: Session): string =>
  Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(' · ');

/** `2026-01-02 03:04:05 UTC`. */
function when(time: string | undefined): string {
  return time === undefined ? '–' : `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;
}

function machineOf({ machine: { cpu, cores, memoryBytes } }: Session): string {
  const parts = [
    cpu ?? '',
    cores === undefined ? '' : `${cores} ${cores === 1 ? 'core' : 'cores'}`,
    memoryBytes === undefined ? '' : `${(memoryBytes / 2 ** 30).toFixed(1)} GiB of memory`,
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function gitOf({ git }: Session): Content {
  if (git === undefined) return '–';
  const { commit, branch, isDirty, remote } = git;
  const parts = [
    branch === undefined ? '' : `on ${branch}`,
    isDirty ? 'with changes' : '',
    remote ?? '',
  ];
  return html`<code>${commit}</code> ${parts.filter((part) => part !== '').join(' · ')}`;
}

/** An argument as a shell takes it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
