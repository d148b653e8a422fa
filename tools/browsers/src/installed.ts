import { findCommand, installPackage } from './debian.js';

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
  if (find(name) === undefined) installPackage(BROWSERS[name].package);
  return pathOf(name);
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
