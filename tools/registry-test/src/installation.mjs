import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What an installation of the command may take at most. */
const MOST = { packages: 60, megabytes: 60 };

/**
 * Looks at what npm has installed into a project.
 *
 * @param {string} folder - of the project
 * @returns {string} how much it is
 * @throws {Error} when it is too much, or something runs or is built at installation
 */
export function checkInstallation(folder) {
  /** @type {{ packages: Record<string, { hasInstallScript?: boolean }> }} */
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  const installed = Object.entries(lock.packages).filter(([path]) => path !== '');
  const scripted = installed.filter(([, { hasInstallScript }]) => hasInstallScript === true);
  const files = readdirSync(join(folder, 'node_modules'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const native = files.filter((path) => path.endsWith('.node'));
  const megabytes = files.reduce((sum, path) => sum + statSync(path).size, 0) / 1e6;
  const what = `${installed.length} packages, ${megabytes.toFixed(1)} MB`;
  if (installed.length > MOST.packages || megabytes > MOST.megabytes) {
    const most = `${MOST.packages} packages and ${MOST.megabytes} MB`;
    throw new Error(`registry-test: an installation must take at most ${most}; got ${what}`);
  }
  if (scripted.length + native.length > 0) {
    const found = [...scripted.map(([path]) => path), ...native].join(', ');
    throw new Error(`registry-test: no install scripts and no native code; got ${found}`);
  }
  return what;
}
