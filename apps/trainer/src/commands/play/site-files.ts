import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '@llm101/runs';

/** Files by their paths of the site, `/assets/page.js`. */
export type SiteFiles = ReadonlyMap<string, string>;

/** The built playground, which lies beside the command's bundle. Its service worker isn't served: the page is here whenever it is asked for. */
export function siteFiles(): SiteFiles {
  const folder = fileURLToPath(new URL('playground', import.meta.url));
  try {
    const found = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'sw.js')
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(folder.length).replaceAll(sep, '/'), file] as const);
    return new Map(found);
  } catch (cause) {
    throw new UserError(`the page must be at ${folder}; it isn't; install llm101 again`, { cause });
  }
}
