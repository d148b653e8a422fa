import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/**
 * Source maps that lead nowhere: their source isn't published, or it is gone and the build is a leftover.
 *
 * @param {string} folder - the installed package
 * @param {readonly string[]} files - paths in it
 * @returns {string[]} a problem a line
 */
export function staleMaps(folder, files) {
  return files
    .filter((file) => file.endsWith('.map'))
    .flatMap((file) => {
      /** @type {{ sources: string[], sourcesContent?: unknown }} */
      const { sources, sourcesContent } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      if (sourcesContent !== undefined) return [];
      return sources
        .map((source) => posix.join(posix.dirname(file), source))
        .filter((source) => !files.includes(source))
        .map(
          (source) => `${file} leads to ${source}, which is not in the package; build it afresh`,
        );
    });
}
