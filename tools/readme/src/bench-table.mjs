/**
 * What is read of the file that `npm run bench -- --json` writes.
 *
 * @typedef {object} Bench
 * @property {string} date
 * @property {string} machine
 * @property {number} rounds
 * @property {readonly BenchTable[]} tables - a workload each
 */

/**
 * @typedef {object} BenchTable
 * @property {string} title - `MLP (T 16, C 8, H 64), batch 32, SGD`
 * @property {readonly BenchRow[]} rows
 */

/**
 * @typedef {object} BenchRow
 * @property {number} stepsPerSecond
 * @property {number} [oursIs] - how many times as fast our fastest of its kind is
 * @property {{ contestant: string, what: string, isPeer: boolean }} result
 */

/**
 * Contestants down, workloads across, as Markdown, and below it where it was measured.
 *
 * @param {Bench} bench
 * @returns {string}
 */
export function benchTable({ date, machine, rounds, tables }) {
  const names = tables.map(({ title }) => title.split(' (')[0]);
  const contestants = new Map(
    tables.flatMap(({ rows }) => rows.map(({ result }) => [result.contestant, result])),
  );
  const lines = [...contestants.values()].map(({ contestant, what, isPeer }) => {
    const [version] = what.split(/[ +]/); // `4.22.0 wasm, Node 20.20.2`, `2.13.0+cpu`
    const name = isPeer && version !== '' ? `${contestant} (${version})` : contestant;
    const cells = tables.map(({ rows }) =>
      cell(rows.find(({ result }) => result.contestant === contestant)),
    );
    return [isPeer ? name : `**${name}**`].concat(cells);
  });
  const head = ['steps a second', ...names];
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
  const table = [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return `${table}\n\n${machine}, one thread each; medians of ${rounds} interleaved rounds, ${date}.`;
}

/** @param {BenchRow | undefined} row */
function cell(row) {
  if (row === undefined) return '–';
  const { stepsPerSecond, oursIs, result } = row;
  const rate = Math.round(stepsPerSecond).toLocaleString('en-US');
  if (!result.isPeer || oursIs === undefined) return rate;
  return `${rate} (${oursIs.toFixed(oursIs < 10 ? 2 : 0)}×)`;
}
