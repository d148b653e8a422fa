import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { run } from './run.mjs';

/**
 * A package as it was published.
 *
 * @typedef {object} Published
 * @property {string} name
 * @property {string} version
 */

/**
 * Copies the repository as it stands, sets versions and publishes as the release workflow does.
 *
 * @param {string} root - the repository's folder
 * @param {string} copy - a folder to make
 * @param {NodeJS.ProcessEnv} registry - makes npm use it
 * @returns {Promise<Published[]>}
 * @throws {Error} when a command fails, or a package isn't published
 */
export async function release(root, copy, registry) {
  await copyRepository(root, copy);
  const workflow = readFileSync(join(copy, '.github/workflows/release.yml'), 'utf8');
  const { version, publish } = releaseCommands(workflow);
  await run(['npm', 'ci', '--prefer-offline', '--ignore-scripts'], { cwd: copy });
  await run(words(version), { cwd: copy });
  await commit(copy, 'Version packages');
  await run(['npm', 'run', 'build'], { cwd: copy });
  await run(words(publish), { cwd: copy, env: { ...registry, npm_config_provenance: 'false' } });
  const packages = publicPackages(copy);
  for (const { name, version: expected } of packages) {
    const args = /** @type {const} */ (['view', `${name}@${expected}`, 'version']);
    const found = await run(['npm', ...args], { cwd: copy, env: registry });
    if (found.trim() !== expected) {
      throw new Error(`registry-test: ${name}@${expected} must be published; found ${found}`);
    }
  }
  return packages;
}

/**
 * @param {string} root
 * @param {string} copy
 */
async function copyRepository(root, copy) {
  const args = /** @type {const} */ (['ls-files', '-z', '-co', '--exclude-standard']);
  const files = (await run(['git', ...args], { cwd: root })).split('\0').filter(Boolean);
  for (const file of files) {
    if (!existsSync(join(root, file))) continue; // deleted, and not yet committed
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  await run(['git', 'init', '-q', '-b', 'main'], { cwd: copy });
  await commit(copy, 'As it stands');
}

/**
 * @param {string} folder
 * @param {string} message
 */
async function commit(folder, message) {
  const who = ['-c', 'user.name=registry-test', '-c', 'user.email=registry-test@localhost'];
  const how = ['-c', 'commit.gpgsign=false', '-c', 'core.hooksPath=/dev/null'];
  await run(['git', 'add', '-A'], { cwd: folder });
  await run(['git', ...who, ...how, 'commit', '-q', '--allow-empty', '-m', message], {
    cwd: folder,
  });
}

/**
 * @param {string} root
 * @returns {Published[]}
 */
export function publicPackages(root) {
  return ['packages', 'apps'].flatMap((kind) =>
    readdirSync(join(root, kind))
      .map((name) => join(root, kind, name, 'package.json'))
      .filter((path) => existsSync(path))
      .map((path) => JSON.parse(readFileSync(path, 'utf8')))
      .filter((manifest) => manifest.private !== true)
      .map(({ name, version }) => ({ name, version })),
  );
}

/**
 * @param {string} command - without quotes
 * @returns {[string, ...string[]]}
 */
function words(command) {
  const [program = '', ...args] = command.trim().split(/\s+/);
  return [program, ...args];
}

/**
 * What the release workflow runs to set versions and to publish.
 *
 * @typedef {object} ReleaseCommands
 * @property {string} version
 * @property {string} publish
 */

/**
 * The commands of a workflow's changesets step.
 *
 * @param {string} workflow - the YAML of `.github/workflows/release.yml`
 * @returns {ReleaseCommands}
 * @throws {Error} when there is no such step, or it publishes without provenance
 */
export function releaseCommands(workflow) {
  /** @type {{ jobs?: Record<string, Job> }} */
  const { jobs = {} } = parse(workflow);
  const steps = Object.values(jobs).flatMap((job) =>
    (job.steps ?? []).map((step) => ({ job, step })),
  );
  const changesets = steps.find(({ step }) => step.uses?.startsWith('changesets/action@'));
  const publishing = steps.find(({ step }) => step.run === 'npm run release:publish');
  const version = changesets?.step.with?.['version'];
  const publish = publishing?.step.run;
  if (version === undefined || publish === undefined) {
    throw new Error(
      'release.yml: a changesets/action step must have version and a step must publish; found none',
    );
  }
  const { job, step } = publishing ?? { job: {}, step: {} };
  if (job.permissions?.['id-token'] !== 'write' || step.env?.['NPM_CONFIG_PROVENANCE'] !== 'true') {
    throw new Error(
      "release.yml: packages must be published with provenance; set id-token: write and NPM_CONFIG_PROVENANCE: 'true'",
    );
  }
  return { version, publish };
}

/**
 * @typedef {object} Job
 * @property {Record<string, string>} [permissions]
 * @property {Step[]} [steps]
 */

/**
 * @typedef {object} Step
 * @property {string} [run]
 * @property {string} [uses]
 * @property {Record<string, string>} [with]
 * @property {Record<string, string>} [env]
 */
