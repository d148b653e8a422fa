import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundleSpecs } from './bundle.mjs';

/**
 * What became of a spec.
 *
 * @typedef {{ name: string, status: 'passed' | 'failed' | 'pending' | 'excluded', failures: string[] }} SpecResult
 */

/** Bundles tfjs-core's specs and runs them in a process of their own: one that aborts must not take the caller with it. */
export async function runSpecs() {
  const folder = await mkdtemp(join(tmpdir(), 'tfjs-specs-'));
  try {
    const [bundle, results] = [join(folder, 'specs.cjs'), join(folder, 'results.json')];
    await bundleSpecs(bundle);
    const jasmine = fileURLToPath(new URL('jasmine.mjs', import.meta.url));
    // The specs log a lot, which is dropped unless the process fails.
    await promisify(execFile)(process.execPath, [jasmine, bundle, results], {
      maxBuffer: 2 ** 26,
    });
    return /** @type {SpecResult[]} */ (JSON.parse(await readFile(results, 'utf8')));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * What is wrong with the results, one line each: specs that fail without being excluded, and names in the lists that pass or
 * that no spec has any more.
 *
 * @param {readonly SpecResult[]} results
 * @param {Readonly<Record<string, readonly string[]>>} excluded - names by family
 */
export function problems(results, excluded) {
  const families = new Map(
    Object.entries(excluded).flatMap(([family, names]) => names.map((name) => [name, family])),
  );
  const known = new Map(results.map((result) => [result.name, result]));
  const failing = results
    .filter(({ name, status }) => status === 'failed' && !families.has(name))
    .map(({ name, failures: [first = ''] }) => `fails: ${name}: ${first.split('\n', 1)[0]}`);
  const stale = [...families].flatMap(([name, family]) => {
    const status = known.get(name)?.status;
    if (status === 'failed') return [];
    return [`excluded as ${family}, but ${status ?? 'there is no such spec'}: ${name}`];
  });
  return [...failing, ...stale];
}
