import { describeFileError } from '../terminal/describe-file-error.js';
import type { Output } from '../terminal/output.js';
import type { RunFolder } from './run-folder.js';
import { writeFileWhole } from './write-file-whole.js';

/** Writes runs as a page. What draws it is loaded here, 0.8 MB that no training should wait for. */
export async function writeReport(path: string, folders: readonly string[]): Promise<void> {
  const [{ renderReport }, { readRun }] = await Promise.all([
    import('@llm101/report'),
    import('@llm101/report/node'),
  ]);
  writeFileWhole(path, await renderReport(folders.map(readRun)));
}

/** Where {@link writeRunReport} says what it has done. */
export interface RunReportOptions {
  readonly output: Output;
  /** Gets a line when the page can't be written. */
  readonly warn: (message: string) => void;
}

/** The page of a run that has ended. A run without one is a run all the same. */
export async function writeRunReport(
  run: RunFolder,
  { output, warn }: RunReportOptions,
): Promise<void> {
  try {
    await writeReport(run.report, [run.path]);
    output.print(`report: ${run.report}`);
  } catch (error) {
    warn(`${run.report} could not be written: ${describeFileError(error)}`);
  }
}
