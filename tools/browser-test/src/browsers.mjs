import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { launch } from 'puppeteer-core';

/** @import { Browser } from 'puppeteer-core' */

/** @typedef {'chromium' | 'firefox'} BrowserName */

/** What a browser's command may be called, Debian's name first, and the package that has it. */
const BROWSERS = /** @type {const} */ ({
  chromium: {
    package: 'chromium',
    commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  },
  firefox: { package: 'firefox-esr', commands: ['firefox-esr', 'firefox'] },
});

/** The names of all browsers. */
export const browserNames = /** @type {BrowserName[]} */ (Object.keys(BROWSERS));

/**
 * On some virtual machines Firefox' WebAssembly is a hundred times slower with AVX than without (140 ESR, an Intel Xeon with AVX-512: 61 ms
 * instead of 0.4 for a product of 256 x 64 by 64 x 256). The results are the same.
 */
const FIREFOX = { 'javascript.options.wasm_simd_avx': false };

const CHROMIUM = ['--no-sandbox', '--disable-dev-shm-usage', '--enable-unsafe-swiftshader'];

/** A task may train for a while on a busy machine. */
const TASK_LIMIT_MS = 600_000;

/**
 * Where a browser is; it is installed by apt-get where there is none.
 *
 * @param {BrowserName} name
 * @returns {string | undefined} the command's path, or nothing where it can't be installed
 */
export function findOrInstall(name) {
  const found = find(name);
  if (found !== undefined) return found;
  const apt = findCommand('apt-get');
  if (apt === undefined) return undefined;
  const isRoot = process.getuid?.() === 0;
  const sudo = isRoot ? undefined : findCommand('sudo');
  if (!isRoot && sudo === undefined) return undefined;
  const [program, ...before] = sudo === undefined ? [apt] : [sudo, '--non-interactive', apt];
  /** @param {readonly string[]} args */
  const aptGet = (...args) =>
    execFileSync(program, [...before, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  console.log(`installs ${BROWSERS[name].package} by apt-get`);
  try {
    aptGet('update', '--quiet');
    aptGet('install', '--yes', '--no-install-recommends', BROWSERS[name].package);
  } catch {
    return undefined; // apt-get has said why
  }
  return find(name);
}

/** @param {BrowserName} name */
export function howToInstall(name) {
  return `apt-get install ${BROWSERS[name].package}`;
}

/** @param {BrowserName} name */
function find(name) {
  return BROWSERS[name].commands.map(findCommand).find((path) => path !== undefined);
}

/** @param {string} command */
function findCommand(command) {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, command))
    .find(isExecutable);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts a browser without a window, by WebDriver BiDi.
 *
 * @param {BrowserName} name
 * @param {string} executablePath
 * @returns {Promise<Browser>} to be closed
 */
export function start(name, executablePath) {
  return launch({
    browser: name === 'firefox' ? 'firefox' : 'chrome',
    executablePath,
    headless: true,
    protocol: 'webDriverBiDi',
    protocolTimeout: TASK_LIMIT_MS,
    extraPrefsFirefox: FIREFOX,
    timeout: 120_000,
    // Chromium's sandbox needs name spaces, which a container and root don't have; /dev/shm is small there.
    // WebGL has no graphics card there, only SwiftShader.
    args: name === 'chromium' ? CHROMIUM : [],
  });
}
