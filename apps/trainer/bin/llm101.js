#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';

module.enableCompileCache?.(); // from Node 22 on: later starts needn't compile what they load

const program = new URL('../dist/main.js', import.meta.url);
if (existsSync(program)) {
  await import(program.href);
} else {
  process.stderr.write('llm101: not built yet; run `npm run build` in the repository\n');
  process.exitCode = 1;
}
