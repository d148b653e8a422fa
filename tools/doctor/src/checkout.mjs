import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { few, ok, problem, warning } from './finding.mjs';
import { run } from './run.mjs';

/** @import { Finding } from './finding.mjs' */

const WORKSPACES = ['packages', 'apps'];
const COMPILER = 'node_modules/typescript/bin/tsc';

/**
 * Files that a package.json leads to and that aren't there, and folders with other sources than those that were compiled.
 *
 * @param {string} root
 */
export function readBuild(root) {
  const folders = WORKSPACES.flatMap((kind) =>
    existsSync(join(root, kind))
      ? readdirSync(join(root, kind)).map((name) => `${kind}/${name}`)
      : [],
  ).filter((folder) => existsSync(join(root, folder, 'package.json')));
  return {
    missing: folders.flatMap((folder) =>
      builtFiles(join(root, folder))
        .map((file) => join(folder, file))
        .filter((file) => !existsSync(join(root, file))),
    ),
    stale: existsSync(join(root, COMPILER)) ? staleProjects(root) : undefined,
  };
}

/**
 * @param {string} folder - a package's
 * @returns {string[]} what its package.json leads to in `dist`: `./dist/index.js`
 */
function builtFiles(folder) {
  const { exports, imports, bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const text = JSON.stringify([exports, imports, bin]);
  return [...new Set(text.match(/\.\/dist\/[^"]+/g))];
}

/**
 * Asks the compiler, which compares contents where times differ.
 *
 * @param {string} root
 * @returns {string[]}
 */
function staleProjects(root) {
  const output = run(process.execPath, [COMPILER, '-b', '--dry'], root) ?? '';
  return [...output.matchAll(/would build project '(.*?)[\\/]tsconfig\.json'/g)].map(([, path]) =>
    relative(root, path),
  );
}

/**
 * @param {ReturnType<typeof readBuild>} build
 * @returns {Finding[]}
 */
export function checkBuild({ missing, stale }) {
  if (missing.length > 0) return [problem('dist', `missing: ${few(missing)}`, 'npm run build')];
  if (stale === undefined) return [warning('dist', 'there is no compiler to ask', 'npm ci')];
  if (stale.length > 0) {
    return [warning('dist', `older than its sources: ${few(stale)}`, 'npm run build')];
  }
  return [ok('dist', 'built from these sources')];
}

const SHARED = ['names.txt', 'reference/lecture05-torch.json'];

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} environment
 */
export function readData(root, environment) {
  const folder = environment['LLM101_DATA_DIR'] || undefined;
  return {
    folder,
    isFolder: folder !== undefined && existsSync(folder) && statSync(folder).isDirectory(),
    missing: SHARED.filter((file) => !existsSync(join(root, '..', 'shared', file))),
  };
}

/**
 * @param {ReturnType<typeof readData>} data
 * @returns {Finding[]}
 */
export function checkData({ folder, isFolder, missing }) {
  if (folder !== undefined && !isFolder) {
    const found = `LLM101_DATA_DIR must name a folder; there is no ${folder}`;
    return [problem('data', found, 'make it, or unset the variable')];
  }
  const place = folder === undefined ? 'built-in names' : `LLM101_DATA_DIR is ${folder}`;
  if (missing.length === 0) return [ok('data', `${place}; the lecture's in ../shared`)];
  const found = `${place}; no ../shared/${missing.join(', no ../shared/')}`;
  return [warning('data', found, 'put it there; tests of whole runs are skipped without')];
}

/** @param {string} root */
export function readHooks(root) {
  return {
    isCheckout: existsSync(join(root, '.git')),
    path: run('git', ['config', '--get', 'core.hooksPath'], root) ?? '',
    isInstalled: existsSync(join(root, '.husky', '_', 'pre-commit')),
  };
}

/**
 * @param {ReturnType<typeof readHooks>} hooks
 * @returns {Finding[]}
 */
export function checkHooks({ isCheckout, path, isInstalled }) {
  if (!isCheckout) return [ok('hooks', 'no git checkout, so none')];
  if (path === '.husky/_' && isInstalled) return [ok('hooks', 'checks run before each commit')];
  const found = path === '' || path === '.husky/_' ? 'not installed' : `git's hooks are in ${path}`;
  return [warning('hooks', `${found}: commits aren't checked`, 'npx husky')];
}

/**
 * A file that git knows.
 *
 * @typedef {object} Tracked
 * @property {string} path
 * @property {string} inIndex - its line endings as committed: `lf`, `crlf`, `mixed`, `none`, `-text`
 * @property {string} onDisk - as checked out; empty when it isn't there
 * @property {boolean} hasOtherCase - whether the disk has it under a name of other case
 */

/**
 * @param {string} root
 * @returns {Tracked[] | undefined} `undefined` where this is no git checkout
 */
export function readFiles(root) {
  if (!existsSync(join(root, '.git'))) return undefined;
  const output = run('git', ['ls-files', '--eol', '-z'], root);
  if (output === undefined) return undefined;
  /** @type {Map<string, Set<string>>} */
  const listings = new Map();
  const isListed = (/** @type {string} */ path) => {
    const folder = dirname(path);
    const names = listings.get(folder) ?? new Set(readdirSync(join(root, folder)));
    listings.set(folder, names);
    return names.has(basename(path));
  };
  return output
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const [endings, path] = line.split('\t');
      const [, inIndex = '', onDisk = ''] = /^i\/(\S*)\s+w\/(\S*)/.exec(endings) ?? [];
      const hasOtherCase = existsSync(join(root, path)) && !isListed(path);
      return { path, inIndex, onDisk, hasOtherCase };
    });
}

/**
 * Names and line endings that mean something else on another system.
 *
 * @param {readonly Tracked[] | undefined} files
 * @returns {Finding[]}
 */
export function checkFiles(files) {
  if (files === undefined) return [ok('files', 'no git checkout to compare with')];
  const findings = [];
  const twins = sameButForCase(files.map(({ path }) => path));
  if (twins.length > 0) {
    const found = `names that differ in case alone: ${few(twins)}`;
    findings.push(problem('files', found, 'rename one: they are one file on macOS and Windows'));
  }
  const renamed = files.filter(({ hasOtherCase }) => hasOtherCase).map(({ path }) => path);
  if (renamed.length > 0) {
    const found = `the disk has another case of ${few(renamed)}`;
    findings.push(problem('files', found, 'git mv it to a third name, then to the one you mean'));
  }
  const odd = files
    .filter(({ inIndex, onDisk }) => isOdd(inIndex) || isOdd(onDisk))
    .map(({ path }) => path);
  if (odd.length > 0) {
    const todo = 'npx prettier --write them, then git add --renormalize .';
    findings.push(warning('files', `lines that end in CRLF: ${few(odd)}`, todo));
  }
  return findings.length > 0
    ? findings
    : [ok('files', `names and line endings of ${files.length}`)];
}

/** @param {string} endings */
function isOdd(endings) {
  return endings === 'crlf' || endings === 'mixed';
}

/** @param {readonly string[]} paths */
function sameButForCase(paths) {
  const seen = new Map(paths.map((path) => [path.toLowerCase(), path]));
  return paths.flatMap((path) => {
    const other = seen.get(path.toLowerCase()) ?? path;
    return other === path ? [] : [`${path} and ${other}`];
  });
}
