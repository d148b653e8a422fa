import { checkData } from './checks/data.mjs';
import { checkBuild } from './checks/build.mjs';
import { checkEngine } from './checks/engine.mjs';
import { checkFiles } from './checks/files.mjs';
import { checkHooks } from './checks/hooks.mjs';
import { checkLock } from './checks/lock.mjs';
import { checkPython } from './checks/python.mjs';
import { checkRegistry } from './checks/registry.mjs';
import { checkSpace } from './checks/space.mjs';
import { checkTfjs } from './checks/tfjs.mjs';
import { checkNode, checkNpm } from './checks/versions.mjs';
import { readBuild } from './facts/build.mjs';
import { readData } from './facts/data.mjs';
import { readEngine } from './facts/engine.mjs';
import { readFiles } from './facts/files.mjs';
import { readHooks } from './facts/hooks.mjs';
import { readLock } from './facts/lock.mjs';
import { readPython } from './facts/python.mjs';
import { readRegistry } from './facts/registry.mjs';
import { readSpace } from './facts/space.mjs';
import { readTfjs } from './facts/tfjs.mjs';
import { readVersions } from './facts/versions.mjs';
import { problem } from './finding.mjs';

/** @import { Finding } from './finding.mjs' */

/**
 * Looks at everything. A look that fails is a problem of its own and hides none of the others.
 *
 * @param {string} root - the repository's folder
 * @param {{ isOffline: boolean }} options - whether the registry is left alone
 * @returns {Promise<Finding[]>}
 */
export async function diagnose(root, { isOffline }) {
  /** @type {readonly [name: string, look: () => Finding[] | Promise<Finding[]>][]} */
  const looks = [
    ['versions', () => [checkNode, checkNpm].map((check) => check(readVersions(root)))],
    ['engine', () => checkEngine(readEngine())],
    ['node_modules', () => checkLock(readLock(root))],
    ['tfjs', () => checkTfjs(readTfjs(root))],
    ['dist', () => checkBuild(readBuild(root))],
    ['space', () => checkSpace(readSpace(root))],
    ['data', () => checkData(readData(root, process.env))],
    ['hooks', () => checkHooks(readHooks(root))],
    ['files', () => checkFiles(readFiles(root))],
    ['python', () => checkPython(readPython(root, process.env))],
    ['registry', async () => (isOffline ? [] : checkRegistry(await readRegistry(root)))],
  ];
  const findings = [];
  for (const [name, look] of looks) {
    try {
      findings.push(...(await look()));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      findings.push(problem(name, `can't be looked at: ${why}`, 'mend or report what it says'));
    }
  }
  return findings;
}
