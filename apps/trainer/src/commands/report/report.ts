import {
  importanceOfSettings,
  type Objective,
  renderReport,
  type RunData,
  tableOfRuns,
} from '@llm101/report';
import { readObjective } from '@llm101/report/node';
import { writeFileWholeSync } from '@llm101/training/node';
import { UserError } from '@llm101/runs';
import { documentOfTable } from '../../run-folder/compared.js';
import { runFolder } from '../../run-folder/paths.js';
import { readShownRuns, runsIn } from '../../run-folder/read-runs.js';
import { describeFileError } from '../../terminal/errors.js';
import type { Output } from '../../terminal/output.js';

/** What {@link reportCommand} needs. */
export interface ReportCommandOptions {
  /** At least one. */
  readonly folders: readonly string[];
  /** The page. Default: `report.html`, of one run in its folder. */
  readonly path?: string | undefined;
  readonly output: Output;
}

/** Runs whose embeddings a page draws, for which their weights are read. */
const MOST_WITH_WEIGHTS = 4;

/** `llm101 report`: one run as a page in its folder, or several compared. */
export async function reportCommand({ folders, output, ...options }: ReportCommandOptions) {
  const found = runsIn(folders);
  const isOne = found.length === 1;
  const path = options.path ?? (isOne ? runFolder(found[0].folder).report : 'report.html');
  const runs = readShownRuns(found, { hasWeights: found.length <= MOST_WITH_WEIGHTS, output });
  const objective = readObjective(found);
  const page = await render(runs, objective);
  try {
    writeFileWholeSync(path, page);
  } catch (cause) {
    throw new UserError(
      `the report ${path} can't be written: ${describeFileError(cause)}; choose another path with --output`,
      { cause },
    );
  }
  const table = tableOfRuns(runs, { objective });
  const importance = importanceOfSettings(table);
  output.answer([path], {
    report: path,
    runs: found.map(({ folder }) => folder),
    ...documentOfTable(table, found),
    ...(importance && { importance }),
  });
}

async function render(runs: readonly RunData[], objective: Objective | undefined): Promise<string> {
  try {
    return await renderReport(runs, { objective });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UserError(`${cause.message}; llm101 runs lists more, and --filter chooses of them`, {
      cause,
    });
  }
}
