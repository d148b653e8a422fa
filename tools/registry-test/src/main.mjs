#!/usr/bin/env node
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installNode } from './install-node.mjs';
import { useCommand, useLibraries } from './new-user.mjs';
import { startRegistry } from './registry.mjs';
import { release } from './release.mjs';
import { run } from './run.mjs';

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '20,22,24,26' },
    keep: { type: 'boolean', default: false },
  },
});
const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const scratch = mkdtempSync(join(tmpdir(), 'llm101-registry-'));
process.on('SIGINT', () => process.exit(130));
process.on('exit', () => {
  if (values.keep) console.log(`kept: ${scratch}`);
  else rmSync(scratch, { recursive: true, force: true });
});

let passed = 0;
let failed = 0;
/**
 * @param {string} name
 * @param {() => Promise<string[]>} work - says what was done
 */
async function step(name, work) {
  try {
    for (const line of await work()) console.log(`ok   ${name}: ${line}`);
    passed += 1;
  } catch (error) {
    console.log(`FAIL ${name}: ${error instanceof Error ? error.message : String(error)}`);
    failed += 1;
  }
}

/** @param {string} name */
const folder = (name) => {
  const path = join(scratch, name);
  mkdirSync(path);
  return path;
};
const upstream = (await run(['npm', 'config', 'get', 'registry'], { cwd: root })).trim();
const registry = await startRegistry(folder('registry'), upstream);
/** @type {string[]} */
let libraries = [];
await step('release', async () => {
  const packages = await release(root, join(scratch, 'copy'), registry.env);
  libraries = packages.map(({ name }) => name).filter((name) => name !== '@llm101/trainer');
  return packages.map(({ name, version }) => `${name}@${version} published`);
});

const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const majors = libraries.length === 0 ? [] : values.nodes.split(',').map(Number);
for (const [i, major] of majors.entries()) {
  const home = folder(`user-${major}`);
  /** @type {NodeJS.ProcessEnv} */
  let env = {};
  await step(`node ${major}`, async () => {
    const bin = await installNode(major, home);
    env = { ...registry.env, PATH: [bin, process.env['PATH']].join(delimiter) };
    return [(await run(['node', '--version'], { cwd: home, env })).trim()];
  });
  await step(`node ${major}, libraries`, () => {
    const typescript = i === 0 ? devDependencies.typescript : '';
    return useLibraries({
      folder: join(home, 'libraries'),
      root: join(scratch, 'copy'),
      names: libraries,
      typescript,
      env,
    });
  });
  await step(`node ${major}, llm101`, () => useCommand({ folder: join(home, 'command'), env }));
}
registry.stop();
console.log(`registry-test: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
