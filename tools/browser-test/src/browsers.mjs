import { chromiumArguments, firefoxPreferences } from '@tools/browsers/installed';
import { launch } from 'puppeteer-core';

/** @import { Browser } from 'puppeteer-core' */
/** @import { BrowserName } from '@tools/browsers/installed' */

/** WebGL has no graphics card in a container, only SwiftShader. */
const WEBGL = ['--enable-unsafe-swiftshader'];

/** A task may train for a while on a busy machine. */
const TASK_LIMIT_MS = 600_000;

/**
 * Starts a browser without a window, by WebDriver BiDi.
 *
 * @param {BrowserName} name
 * @param {string} executablePath
 * @param {readonly string[]} [more] - arguments of Chromium. Default: WebGL in software
 * @returns {Promise<Browser>} to be closed
 */
export function start(name, executablePath, more = WEBGL) {
  return launch({
    browser: name === 'firefox' ? 'firefox' : 'chrome',
    executablePath,
    headless: true,
    protocol: 'webDriverBiDi',
    protocolTimeout: TASK_LIMIT_MS,
    extraPrefsFirefox: firefoxPreferences,
    timeout: 120_000,
    args: name === 'chromium' ? [...chromiumArguments, ...more] : [],
  });
}
