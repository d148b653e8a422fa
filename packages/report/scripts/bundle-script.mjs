/**
 * Bundles the script of a page, `src/script/main.ts`, into `dist/page-script.js`: its text, and the hash by which the page's policy lets it run.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const build = await rolldown({
  input: join(root, 'src', 'script', 'main.ts'),
  platform: 'browser',
});
const { output } = await build.generate({ format: 'iife', minify: true, comments: false });
await build.close();

const [{ code }] = output;
const script = code.trim();
if (output.length !== 1 || /<\/script|<!--|[^\n\x20-\x7e]/i.test(script)) {
  throw new Error('bundle-script: expected one file of ASCII that no tag in it can end');
}
const hash = `sha256-${createHash('sha256').update(script).digest('base64')}`;
mkdirSync(join(root, 'dist'), { recursive: true });
writeFileSync(
  join(root, 'dist', 'page-script.js'),
  `export const script = ${JSON.stringify(script)};\nexport const hash = ${JSON.stringify(hash)};\n`,
);
console.log(`page-script.js: ${script.length} bytes`);
