#!/usr/bin/env node
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isNear, readSection, writeReadme } from './write-readme.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const readJson = (/** @type {string} */ path) => JSON.parse(readFileSync(join(root, path), 'utf8'));

const path = join(root, 'README.md');
const before = readFileSync(path, 'utf8');
const sizes = JSON.parse(
  execFileSync(process.execPath, [join(root, 'tools/size/src/main.mjs'), '--json'], {
    encoding: 'utf8',
  }),
);
const after = await writeReadme(before, path, {
  bench: readJson('docs/figures/bench.json'),
  peers: readJson('packages/wasm/package.json').peerDependencies,
  sizes,
});

if (values.check) {
  const changed = ['bench', 'install', 'size'].filter((name) => {
    const [old, fresh] = [before, after].map((text) => readSection(text, name));
    return name === 'size' ? !isNear(old, fresh) : old !== fresh;
  });
  for (const name of changed) {
    console.error(`readme: section ${name} of README.md must be\n${readSection(after, name)}`);
  }
  if (changed.length === 0) console.log('readme: README.md is up to date');
  else console.error('readme: run npm run readme, and commit README.md');
  process.exitCode = changed.length === 0 ? 0 : 1;
} else {
  writeFileSync(path, after);
  console.log(before === after ? 'readme: nothing to change' : 'readme: README.md is written');
}
