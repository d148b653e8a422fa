import { consumerModules, installedByReadme, stripTypes } from '@tools/package-test';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';

/** @import { ConsumerModule } from '@tools/package-test' */

/** What the lecture needs, by the names one would type. */
const PACKAGES = ['@llm101/models', '@llm101/data', '@llm101/training', '@llm101/wasm'];

/** @returns {string[]} arguments of the compiler, as strict as it gets without checking other people's declarations */
const tscArguments = () =>
  '--strict --noEmit --skipLibCheck --module nodenext --target es2023 --lib es2023,dom --types node'.split(
    ' ',
  );

/**
 * What a new user does with the libraries on one version of Node: installs them into an empty folder and runs each
 * README's example.
 *
 * @param {object} options
 * @param {string} options.folder - to make
 * @param {string} options.root - the repository, for its READMEs
 * @param {readonly string[]} options.names - of all published libraries
 * @param {string} options.typescript - its version; empty where types aren't checked
 * @param {NodeJS.ProcessEnv} options.env
 * @returns {Promise<string[]>} what was done
 */
export async function useLibraries({ folder, root, names, typescript, env }) {
  emptyProject(folder);
  const at = { cwd: folder, env };
  await run(['npm', 'install', ...PACKAGES], at);
  const readmes = [join(root, 'README.md'), ...names.map((name) => readmeOf(root, name))];
  const asked = readmes.flatMap((path) => installedByReadme(readFileSync(path, 'utf8')));
  await run(['npm', 'install', ...new Set(asked.filter((spec) => !spec.endsWith('/trainer')))], at);

  const modules = readmes.flatMap((path, i) => snippetsOf(path, i));
  for (const { name, code } of modules) {
    writeFileSync(join(folder, `${name}.mts`), code);
    writeFileSync(join(folder, `${name}.mjs`), stripTypes(code));
  }
  if (typescript !== '') {
    await run(['npm', 'install', `typescript@${typescript}`, '@types/node@20'], at);
    await run(['npx', 'tsc', ...tscArguments(), ...modules.map(({ name }) => `${name}.mts`)], at);
  }
  for (const { name, where, output } of modules) {
    const printed = (await run(['node', `${name}.mjs`], at)).trimEnd();
    if (output === undefined || printed === output) continue;
    throw new Error(`registry-test: ${where} must print\n${output}\nand prints\n${printed}`);
  }
  const types = typescript === '' ? '' : ', types checked';
  return [`${names.length} libraries installed`, `${modules.length} examples run${types}`];
}

/**
 * What a new user does with the command.
 *
 * @param {object} options
 * @param {string} options.folder - to make
 * @param {NodeJS.ProcessEnv} options.env
 * @returns {Promise<string[]>} what was done
 */
export async function useCommand({ folder, env }) {
  emptyProject(folder);
  const at = { cwd: folder, env };
  const startMs = performance.now();
  await run(['npm', 'install', '@llm101/trainer'], at);
  await run(['npx', '@llm101/trainer', 'train', '--max-steps', '1', '--quiet'], at);
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  const trained = await run(['npx', '@llm101/trainer', 'train', '--max-steps', '500'], at);
  if (!trained.includes('bits a character')) {
    throw new Error(`registry-test: llm101 train must end with a validation; got\n${trained}`);
  }
  const drawn = await run(['npx', 'llm101', 'sample', '--run-dir', 'runs/mlp', '--count', '5'], at);
  const names = drawn.trimEnd().split('\n');
  if (names.length !== 5) {
    throw new Error(`registry-test: llm101 sample --count 5 must print five names; got\n${drawn}`);
  }
  const installed = checkInstallation(folder);
  return [
    `installed ${installed}`,
    `first trained step ${seconds} s after an empty folder`,
    `drew ${names.join(', ')}`,
  ];
}

/** @param {string} folder */
function emptyProject(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
}

/**
 * @param {string} root
 * @param {string} name - of a library
 */
const readmeOf = (root, name) => join(root, 'packages', name.split('/')[1], 'README.md');

/**
 * @param {string} path - of a README
 * @param {number} i
 * @returns {ConsumerModule[]}
 */
function snippetsOf(path, i) {
  const modules = consumerModules({ name: path }, readFileSync(path, 'utf8'));
  return modules.map(({ name, where, code, output, needsNode }) => ({
    name: `${i}-${name}`,
    where: `${path}, ${where}`,
    code,
    output,
    needsNode,
  }));
}

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
