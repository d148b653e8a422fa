import { existsSync } from 'node:fs';
import { UserError } from '@llm101/runs';
import { RunFileError } from '@llm101/report';
import { describeFileError } from '../../terminal/errors.js';
import type { Output } from '../../terminal/output.js';
import { runFolder } from '../../run-folder/paths.js';
import { writeReport } from '../../run-folder/logs.js';

/** What {@link reportCommand} needs. */
export interface ReportCommandOptions {
  /** At least one. */
  readonly folders: readonly string[];
  /** The page. Default: `report.html`, of one run in its folder. */
  readonly path?: string | undefined;
  readonly output: Output;
}

/** `llm101 report`: one run as a page in its folder, or several compared. */
export async function reportCommand({ folders, output, ...options }: ReportCommandOptions) {
  for (const folder of folders) checkRun(folder);
  const path =
    options.path ?? (folders.length === 1 ? runFolder(folders[0]).report : 'report.html');
  try {
    await writeReport(path, folders);
  } catch (cause) {
    if (cause instanceof RunFileError) throw new UserError(cause.message, { cause });
    throw new UserError(
      `the report ${path} can't be written: ${describeFileError(cause)}; choose another path with --output`,
      { cause },
    );
  }
  output.answer([path], { report: path, runs: folders });
}

function checkRun(folder: string): void {
  const { metrics } = runFolder(folder);
  if (existsSync(metrics)) return;
  throw new UserError(
    `${folder} must be the folder of a run; it has no metrics.jsonl, which llm101 train writes`,
  );
}
