import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** What a browser's command may be called, Debian's name first, and the package that has it. */
const BROWSERS = {
  chromium: {
    package: 'chromium',
    commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  },
  firefox: { package: 'firefox-esr', commands: ['firefox-esr', 'firefox'] },
} as const;

/** A browser that pages are tried in. */
export type BrowserName = keyof typeof BROWSERS;

/** The names of all browsers. */
export const browserNames = Object.keys(BROWSERS) as BrowserName[];

/** Chromium's sandbox needs name spaces, which a container and root don't have; /dev/shm is small there. */
export const chromiumArguments = ['--no-sandbox', '--disable-dev-shm-usage'];

/**
 * On some virtual machines Firefox' WebAssembly is a hundred times slower with AVX than without (140 ESR, an Intel Xeon with AVX-512: 61 ms
 * instead of 0.4 for a product of 256 x 64 by 64 x 256). The results are the same.
 */
export const firefoxPreferences = { 'javascript.options.wasm_simd_avx': false };

/**
 * Where a browser is.
 *
 * @returns its command's path
 * @throws Error where it isn't installed, with how that is done
 */
export function pathOf(name: BrowserName): string {
  const found = find(name);
  if (found === undefined) {
    throw new Error(`${name} must be installed: ${howToInstall(name)}; looked for ${looks(name)}`);
  }
  return found;
}

/**
 * Where a browser is; it is installed by apt-get where there is none.
 *
 * @returns its command's path
 * @throws Error where it can't be installed from here, with how that is done
 */
export function findOrInstall(name: BrowserName): string {
  if (find(name) === undefined) install(name);
  return pathOf(name);
}

function install(name: BrowserName): void {
  const [apt, flock] = ['apt-get', 'flock'].map(findCommand);
  const isRoot = process.getuid?.() === 0;
  const sudo = isRoot ? undefined : findCommand('sudo');
  if (apt === undefined || flock === undefined || (!isRoot && sudo === undefined)) return;
  // Two that install at once would refuse each other.
  const locked = [flock, join(tmpdir(), 'llm101-apt-get.lock'), apt];
  const [program, ...before] = sudo === undefined ? locked : [sudo, '--non-interactive', ...locked];
  const aptGet = (...args: string[]): Buffer =>
    execFileSync(program, [...before, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  process.stderr.write(`installs ${BROWSERS[name].package} by apt-get\n`);
  try {
    aptGet('update', '--quiet');
    aptGet('install', '--yes', '--no-install-recommends', BROWSERS[name].package);
  } catch {
    // apt-get has said why
  }
}

function howToInstall(name: BrowserName): string {
  return `on Debian by apt-get install ${BROWSERS[name].package}, as root`;
}

function looks(name: BrowserName): string {
  return `${BROWSERS[name].commands.join(', ')} in PATH`;
}

function find(name: BrowserName): string | undefined {
  return BROWSERS[name].commands.map(findCommand).find((path) => path !== undefined);
}

function findCommand(command: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, command))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
