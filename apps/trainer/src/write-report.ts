import { describeFileError } from './describe-file-error.js';
import type { Output } from './output.js';
import type { RunFolder } from './run-folder.js';
import { warn } from './warn.js';
import { writeFileWhole } from './write-file-whole.js';

/** Writes runs as a page. What draws it is loaded here, 0.8 MB that no training should wait for. */
export async function writeReport(path: string, folders: readonly string[]): Promise<void> {
  const [{ renderReport }, { readRun }] = await Promise.all([
    import('@llm101/report'),
    import('@llm101/report/node'),
  ]);
  writeFileWhole(path, await renderReport(folders.map(readRun)));
}

/** The page of a run that has ended. A run without one is a run all the same. */
export async function writeRunReport(run: RunFolder, output: Output): Promise<void> {
  try {
    await writeReport(run.report, [run.path]);
    output.print(`report: ${run.report}`);
  } catch (error) {
    warn(`${run.report} could not be written: ${describeFileError(error)}`);
  }
}
