/**
 * Bundles what of vega and vega-lite draws charts into `dist/vega.js`, with the licences of all that is in it beside.
 *
 * Installed as they are, the two bring 79 packages and 25 MB; the bundle is one file of 0.8 MB that loads three times
 * as fast. It is their browsers' edition: no file is read, and no canvas is looked for, so that a chart is the same
 * wherever it is drawn.
 */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { licencesOf } from '@tools/licences';
import { rolldown } from 'rolldown';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const build = await rolldown({
  input: join(root, 'scripts', 'vega-entry.mjs'),
  platform: 'browser',
});
const { output } = await build.write({
  file: join(root, 'dist', 'vega.js'),
  format: 'esm',
  minify: true,
  comments: { legal: true, annotation: true, jsdoc: false },
  banner:
    '// Bundled from vega and vega-lite; vega.LICENSES.txt has the licences of what is in it.',
});
await build.close();

const [chunk] = output;
if (output.length !== 1 || chunk.imports.length + chunk.dynamicImports.length > 0) {
  throw new Error(
    `bundle-vega: expected one file without imports; got ${output.length} file(s), ` +
      `imports [${[...chunk.imports, ...chunk.dynamicImports].join()}]`,
  );
}
writeFileSync(join(root, 'dist', 'vega.LICENSES.txt'), licencesOf(Object.keys(chunk.modules)));
