import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;

/**
 * The licences of all packages that modules are from, one after the other by the packages' names.
 *
 * @param {Iterable<string>} modules - paths of what was bundled; those outside of node_modules are one's own
 * @returns {string}
 * @throws {Error} when a package doesn't name its licence
 */
export function licencesOf(modules) {
  /** @type {Map<string, string[]>} */
  const packages = new Map();
  for (const module of modules) {
    const folder = PACKAGE.exec(module)?.[0];
    if (folder !== undefined) packages.set(folder, [...(packages.get(folder) ?? []), module]);
  }
  return [...packages]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([folder, files]) => licenceOf(folder, files))
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/**
 * @param {string} folder - of a package
 * @param {readonly string[]} modules - its own that were bundled
 */
function licenceOf(folder, modules) {
  /** @type {{ name: string, version: string, license?: string, homepage?: string }} */
  const {
    name,
    version,
    license,
    homepage = 'npm',
  } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (license === undefined) {
    throw new Error(`licences: ${name} must name its licence in package.json; ${folder} has none`);
  }
  const nameAlone = `The package names its licence and brings no text of it; see ${homepage}.`;
  const text = ofFiles(folder) || ofComments(modules) || ofReadme(folder) || nameAlone;
  return `${name} ${version}, ${license}\n\n${text}\n`;
}

/** @param {string} folder */
function ofFiles(folder) {
  return readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice)(\.(md|txt))?$/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim())
    .join('\n\n');
}

/** @param {readonly string[]} modules */
function ofComments(modules) {
  const comments = modules
    .filter((module) => existsSync(module))
    .flatMap((module) => readFileSync(module, 'utf8').match(/\/\*\*\s*\* @license[^]*?\*\//g) ?? [])
    .map((comment) =>
      comment
        .replaceAll(/^\s*\/?\*+\/? ?|\*\/$/gm, '')
        .replaceAll(/^(@license|=+)\s*$/gm, '')
        .trim(),
    );
  return [...new Set(comments)].sort((a, b) => (a < b ? -1 : 1)).join('\n\n');
}

/** @param {string} folder */
function ofReadme(folder) {
  const readme = readdirSync(folder).find((file) => /^readme(\.md)?$/i.test(file));
  if (readme === undefined) return '';
  const text = readFileSync(join(folder, readme), 'utf8');
  return /^(#+ *)?licen[cs]e\b[^]*/im.exec(text)?.[0].trim() ?? '';
}
