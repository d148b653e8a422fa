import { renameSync, writeFileSync } from 'node:fs';

/** Writes beside the file, then renames: a reader sees the old content or the new, never half of one. */
export function replaceFile(path: string, content: string): void {
  const beside = `${path}.part`;
  writeFileSync(beside, content);
  renameSync(beside, path);
}
