import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkTypes, runModules } from './use-modules.mjs';
import { consumerModules, entries, installedByReadme } from './consumer-modules.mjs';
import { pack, staleMaps, strayFiles } from './tarball.mjs';
import { findProgram, runCommand } from './run-command.mjs';
import { findWorkspaces, lacksForRegistry, readManifest, withDependencies } from './workspace.mjs';

/** @import { Manifest } from './workspace.mjs' */
/** @import { Outcome } from './run-command.mjs' */

/**
 * What a step found.
 *
 * @typedef {object} Result
 * @property {string} step
 * @property {string} detail - what was looked at
 * @property {readonly string[]} problems - none when the step passed
 */

/**
 * Tests a package as its users get it. Each step is reported as soon as it is done; what needs a failed one is left out.
 *
 * @param {string} folder - a built package of a workspace
 * @param {string} scratch - an empty folder
 * @returns {Generator<Result, void, void>}
 */
export function* testPackage(folder, scratch) {
  const manifest = readManifest(folder);
  const readmeFile = join(folder, 'README.md');
  const readme = existsSync(readmeFile) ? readFileSync(readmeFile, 'utf8') : '';
  const workspaces = findWorkspaces(folder);

  const tarball = pack(folder, scratch);
  const size = `files: ${tarball.files.length}, ${(tarball.bytes / 1000).toFixed(1)} kB`;
  yield { step: 'pack', detail: size, problems: strayFiles(tarball.files) };
  yield {
    step: 'package.json',
    detail: 'search and links of the registry',
    problems: lacksForRegistry(manifest),
  };
  yield lint('publint', ['run', '--strict', tarball.path], folder);
  if (entries(manifest).length > 0) {
    yield lint('attw', ['--profile', 'esm-only', '--no-definitely-typed', tarball.path], folder);
  }

  const asked = installedByReadme(readme);
  yield named(manifest.name, asked);
  const isOurs = (/** @type {string} */ spec) => workspaces.has(spec);
  const siblings = withDependencies(workspaces, [manifest.name, ...asked.filter(isOurs)]);
  const tarballs = siblings.map((sibling) =>
    sibling.manifest.name === manifest.name ? tarball.path : pack(sibling.folder, scratch).path,
  );
  const consumer = join(scratch, 'consumer');
  const specs = [...tarballs, ...asked.filter((spec) => !isOurs(spec))];
  const installed = install(consumer, specs);
  yield installed;
  if (installed.problems.length > 0) return;

  const home = join(consumer, 'node_modules', manifest.name);
  const maps = tarball.files.filter((file) => file.endsWith('.map')).length;
  yield {
    step: 'source maps',
    detail: `maps: ${maps}`,
    problems: staleMaps(home, tarball.files),
  };
  yield* useIt(consumer, manifest, readme);
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} folder
 * @returns {Result}
 */
function lint(program, args, folder) {
  const outcome = runCommand(findProgram(program), args, folder);
  return { step: program, detail: args.slice(0, -1).join(' '), problems: problemsOf(outcome) };
}

/**
 * @param {string} name - of the package
 * @param {readonly string[]} asked - what the README has its readers install
 * @returns {Result}
 */
function named(name, asked) {
  const problem =
    'no ```sh block says how to install the package; add `npm install …` to README.md';
  return {
    step: 'README',
    detail: `has readers install ${asked.join(' ') || 'nothing'}`,
    problems: asked.includes(name) ? [] : [problem],
  };
}

/**
 * @param {string} consumer - a folder to make
 * @param {readonly string[]} specs - tarballs and packages from the registry
 * @returns {Result}
 */
function install(consumer, specs) {
  mkdirSync(consumer);
  writeFileSync(join(consumer, 'package.json'), '{ "private": true, "type": "module" }\n');
  const options = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  const outcome = runCommand('npm', ['install', ...options, ...specs], consumer);
  return { step: 'install', detail: 'into an empty folder', problems: problemsOf(outcome) };
}

/**
 * @param {string} consumer
 * @param {Manifest} manifest
 * @param {string} readme
 * @returns {Generator<Result, void, void>}
 */
function* useIt(consumer, manifest, readme) {
  const modules = consumerModules(manifest, readme);
  for (const { name, code } of modules) writeFileSync(join(consumer, `${name}.mts`), code);
  const snippets = modules.filter(({ where }) => where.startsWith('README')).length;
  const detail = `snippets of README.md: ${snippets}, entries: ${modules.length - snippets}`;
  yield {
    step: 'types',
    detail,
    problems: checkTypes(consumer, modules, manifest.name.split('/')[0]),
  };
  yield { step: 'run', detail, problems: runModules(consumer, modules) };

  const { bin = {} } = manifest;
  const commands =
    typeof bin === 'string' ? [manifest.name.split('/').at(-1) ?? bin] : Object.keys(bin);
  for (const command of commands) {
    const file = join(consumer, 'node_modules', '.bin', command);
    const outcome = runCommand(file, ['--help'], consumer);
    yield { step: 'command', detail: `${command} --help`, problems: problemsOf(outcome) };
  }
}

/**
 * @param {Outcome} outcome
 * @returns {string[]}
 */
function problemsOf({ isSuccess, output }) {
  return isSuccess ? [] : [output];
}
