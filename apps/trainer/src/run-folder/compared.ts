import type { RunRow, RunTable } from '@llm101/report';
import type { FoundRun } from '@llm101/report/node';

/** What `--json` says of runs beside each other. */
interface ComparedDocument {
  readonly objective: RunTable['objective'];
  /** The name of the best run. */
  readonly best: string | null;
  readonly differing: readonly string[];
  readonly table: readonly object[];
}

/** Runs beside each other as a document, in the order of the table. */
export function documentOfTable(
  { objective, settings, rows, best }: RunTable,
  runs: readonly FoundRun[],
): ComparedDocument {
  const table = rows.map(({ name, ...row }, i) => ({
    name,
    runDir: runs[i].folder,
    ...written(row),
  }));
  const name = best === undefined ? null : rows[best].name;
  return { objective, best: name, differing: settings, table };
}

/** What is known of a row. */
function written(row: Omit<RunRow, 'name'>): object {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}
