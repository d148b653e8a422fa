#!/usr/bin/env node
/**
 * Puts the built page into a folder, and beside it the texts that aren't built in, as `loadText` finds or fetches them, checked by their hash. A
 * text that can't be had is named, and left out.
 *
 *     node scripts/publish.mjs site/playground
 */
import { dataSets } from '@llm101/data';
import { loadText } from '@llm101/data/node';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('name the folder that the page goes to');
cpSync(fileURLToPath(new URL('../dist/site', import.meta.url)), folder, { recursive: true });
mkdirSync(join(folder, 'texts'), { recursive: true });
for (const [name, set] of dataSets) {
  if ('text' in set) continue;
  try {
    const { text } = await loadText(name);
    writeFileSync(join(folder, 'texts', set.fileNames[0]), text);
    console.log(`texts/${set.fileNames[0]}: ${text.length.toLocaleString('en-US')} characters`);
  } catch (error) {
    console.log(`${name} is left out: ${error instanceof Error ? error.message : String(error)}`);
  }
}
