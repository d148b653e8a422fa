import { startBackend } from '@llm101/wasm';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { figures } from './figures.mjs';

/** Writes the lectures' figures to docs/figures; names choose some: `node src/main.mjs 02-pairs.svg`. */
const folder = new URL('../../../docs/figures/', import.meta.url);
const chosen = process.argv.slice(2);
await startBackend();
for (const [name, draw] of Object.entries(figures)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const path = fileURLToPath(new URL(name, folder));
  writeFileSync(path, `${await draw()}\n`);
  console.log(path);
}
