import { writeFileWholeSync } from '@llm101/training/node';

/** Writes runs as a page. What draws it is loaded here, 0.8 MB that no training should wait for. */
export async function writeReport(path: string, folders: readonly string[]): Promise<void> {
  const [{ renderReport }, { readRun }] = await Promise.all([
    import('@llm101/report'),
    import('@llm101/report/node'),
  ]);
  writeFileWholeSync(path, await renderReport(folders.map(readRun)));
}
