import {
  checkBuild,
  checkData,
  checkFiles,
  checkHooks,
  readBuild,
  readData,
  readFiles,
  readHooks,
} from './checkout.mjs';
import {
  checkEngine,
  checkNode,
  checkNpm,
  checkPython,
  checkRegistry,
  checkSpace,
  readEngine,
  readPython,
  readRegistry,
  readSpace,
  readVersions,
} from './machine.mjs';
import { checkLock, checkTfjs, readLock, readTfjs } from './installed.mjs';
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
      for (const finding of await look()) findings.push(finding);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      findings.push(problem(name, `can't be looked at: ${why}`, 'fix or report what it says'));
    }
  }
  return findings;
}
