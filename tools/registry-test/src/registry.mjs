import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { run } from './run.mjs';

/**
 * @typedef {object} Registry
 * @property {string} url - `http://127.0.0.1:4873/`
 * @property {NodeJS.ProcessEnv} env - what makes npm use it, and nothing of this machine's npm settings
 * @property {() => void} stop
 */

const START_MS = 60_000;

/**
 * Starts a registry on loopback. It keeps what is published under `@llm101` and passes all other questions on.
 *
 * @param {string} folder - an empty one, for what it keeps
 * @param {string} upstream - the registry of other people's packages
 * @returns {Promise<Registry>}
 * @throws {Error} when it doesn't answer within a minute
 */
export async function startRegistry(folder, upstream) {
  const url = `http://127.0.0.1:${await freePort()}/`;
  const config = join(folder, 'verdaccio.yaml');
  writeFileSync(config, configuration(folder, upstream));
  const args = [await installVerdaccio(folder), '--config', config, '--listen', url];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => (log = `${log}${chunk}`.slice(-4000)));
  }
  const stop = () => void child.kill();
  process.on('exit', stop);
  const deadline = performance.now() + START_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      stop();
      throw new Error(`registry-test: verdaccio must answer at ${url}; it doesn't:\n${log}`);
    }
    await setTimeout(100);
  }
  return { url, env: npmSettings(folder, url), stop };
}

/**
 * @param {string} folder
 * @returns {Promise<string>} its program
 */
async function installVerdaccio(folder) {
  const home = join(folder, 'verdaccio');
  cpSync(fileURLToPath(new URL('../verdaccio', import.meta.url)), home, { recursive: true });
  const args = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  await run(['npm', 'ci', ...args], { cwd: home });
  return join(home, 'node_modules', 'verdaccio', 'bin', 'verdaccio');
}

/**
 * @param {string} folder
 * @param {string} upstream
 */
const configuration = (folder, upstream) => `
storage: ${join(folder, 'storage')}
uplinks:
  upstream:
    url: ${upstream}
packages:
  '@llm101/*':
    access: $all
    publish: $all
  '**':
    access: $all
    proxy: upstream
max_body_size: 50mb
web: { enable: false }
log: { type: stdout, format: pretty, level: warn }
`;

/**
 * @param {string} folder
 * @param {string} url
 */
function npmSettings(folder, url) {
  const userconfig = join(folder, 'npmrc');
  // npm publishes only with a token, whatever the registry says to it
  writeFileSync(userconfig, `registry=${url}\n${url.replace('http:', '')}:_authToken=none\n`);
  return {
    npm_config_userconfig: userconfig,
    npm_config_registry: url,
    npm_config_cache: join(folder, 'cache'),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  };
}

/** @param {string} url */
async function answers(url) {
  try {
    return (await fetch(`${url}-/ping`)).ok;
  } catch {
    return false;
  }
}

/** @returns {Promise<number>} */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('registry-test: no port');
  return address.port;
}
