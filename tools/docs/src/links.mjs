import { existsSync, statSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import { normalizePath } from 'typedoc';
import { fromRoot } from './pages.mjs';

/** @import { CommentDisplayPart, ProjectReflection, Reflection, SourceReference } from 'typedoc' */

const REPOSITORY = 'https://github.com/llm101/llm101-ts';
const FIGURE = /\.(svg|png)$/;

/**
 * What a link to a path of the repository becomes.
 *
 * @typedef {{ kind: 'page', path: string } | { kind: 'figure' } | { kind: 'address', address: string }
 *   | { kind: 'nowhere' }} Place
 */

/**
 * @typedef {object} Facts
 * @property {(path: string) => boolean} isFile
 * @property {(path: string) => boolean} isFolder
 * @property {(path: string) => boolean} isPage - whether a file is one of the site's pages
 */

/**
 * A folder is the page that its README became, pictures come along, and what isn't on the site is on GitHub.
 *
 * @param {string} path - from the repository's root; not a page itself
 * @param {Facts} facts
 * @returns {Place}
 */
export function whereTo(path, { isFile, isFolder, isPage }) {
  if (isFile(path)) {
    if (FIGURE.test(path)) return { kind: 'figure' };
    return { kind: 'address', address: addressOf(path) };
  }
  if (path.startsWith('..') || !isFolder(path)) return { kind: 'nowhere' };
  const readme = posix.join(path, 'README.md');
  if (isFile(readme) && isPage(readme)) return { kind: 'page', path: readme };
  return { kind: 'address', address: `${REPOSITORY}/tree/main/${path}` };
}

/**
 * @param {string} path - of a file, from the repository's root
 * @returns {string} where GitHub shows it
 */
function addressOf(path) {
  return `${REPOSITORY}/blob/main/${path}`;
}

const CODE = /```[\s\S]*?```|`[^`\n]*`/g;
const LINKED = /\]\((https?:[^)\s]*)[^)]*\)|<(https?:[^>]*)>/g;

/**
 * The addresses that a text links to and that can't be any: without a host, or not to be parsed. Whether somebody
 * answers there isn't asked.
 *
 * @param {string} markdown
 * @returns {string[]}
 */
export function brokenAddresses(markdown) {
  const prose = markdown.replaceAll(CODE, '');
  return [...prose.matchAll(LINKED)]
    .map(([, inBrackets, inAngles]) => inBrackets ?? inAngles)
    .filter((address) => !URL.canParse(address) || !hasHost(new URL(address)));
}

/** @param {URL} url */
function hasHost({ hostname }) {
  return hostname === 'localhost' || hostname.includes('.');
}

/**
 * Leads each link to a path of the repository to what that is on the site, or to GitHub.
 *
 * @param {ProjectReflection} project
 * @param {readonly Reflection[]} reflections - all of its
 * @returns {string[]} what is wrong with links
 */
export function resolveLinks(project, reflections) {
  /** @type {string[]} */
  const problems = [];
  /** @type {Set<string>} */
  const elsewhere = new Set();
  for (const reflection of [project, ...reflections]) {
    const page = project.files.getReflectionPath(reflection);
    const where = page === undefined ? reflection.getFriendlyFullName() : fromRoot(page);
    for (const parts of textsOf(reflection)) {
      for (const problem of resolveParts(project, parts, elsewhere)) {
        problems.push(`${where}: ${problem}`);
      }
    }
  }
  // The site takes along what its links lead to, but for what has a place in it.
  for (const path of elsewhere) project.files.registerReflectionPath(normalizePath(path), project);
  return problems;
}

/**
 * @param {ProjectReflection} project
 * @param {CommentDisplayPart[]} parts - a text, which is changed
 * @param {Set<string>} elsewhere - gets the paths that links no longer lead to
 * @returns {string[]} what is wrong with its links
 */
function resolveParts(project, parts, elsewhere) {
  const { files } = project;
  /** @param {string} path */
  const pageAt = (path) => {
    const { target } = files.registerAbsolute(normalizePath(resolve(path)));
    return typeof files.resolve(target, project) === 'string' ? undefined : target;
  };
  /** @type {string[]} */
  const problems = [];
  for (const [i, part] of parts.entries()) {
    if (part.kind === 'text') {
      for (const address of brokenAddresses(part.text)) problems.push(notAnAddress(address));
    }
    if (part.kind !== 'relative-link' || part.target === undefined) continue;
    const target = files.resolve(part.target, project);
    if (typeof target !== 'string') continue;
    const place = whereTo(fromRoot(target), {
      isFile,
      isFolder,
      isPage: (path) => pageAt(path) !== undefined,
    });
    if (place.kind !== 'figure') elsewhere.add(target);
    if (place.kind === 'page') part.target = pageAt(place.path);
    if (place.kind === 'nowhere')
      problems.push(`a link must lead to a file or folder; there is no ${part.text}`);
    if (place.kind === 'address') {
      const anchor = part.targetAnchor === undefined ? '' : `#${part.targetAnchor}`;
      parts[i] = { kind: 'text', text: place.address + anchor };
    }
  }
  return problems;
}

/**
 * All texts of a reflection that can have links.
 *
 * @param {Reflection} reflection
 * @returns {CommentDisplayPart[][]}
 */
function textsOf(reflection) {
  const { comment } = reflection;
  const texts = comment
    ? [comment.summary, ...comment.blockTags.map(({ content }) => content)]
    : [];
  if (reflection.isDocument()) texts.push(reflection.content);
  if ((reflection.isProject() || reflection.isDeclaration()) && reflection.readme)
    texts.push(reflection.readme);
  return texts;
}

/** @param {string} address */
function notAnAddress(address) {
  return `a link must lead to an address; ${address} is none`;
}

/** @param {string} path */
function isFile(path) {
  return existsSync(path) && statSync(path).isFile();
}

/** @param {string} path */
function isFolder(path) {
  return existsSync(path) && statSync(path).isDirectory();
}

/**
 * Leads each "Defined in" to its line on GitHub. typedoc itself counts paths from each package's folder of sources, as
 * long as it doesn't ask git. What is defined in another project's package leads nowhere.
 *
 * @param {readonly Reflection[]} reflections
 */
export function leadSources(reflections) {
  for (const source of reflections.flatMap((reflection) => sourcesOf(reflection))) {
    if (source.fileName.includes('node_modules/')) delete source.url;
    else source.url = `${addressOf(source.fileName)}#L${source.line}`;
  }
}

/**
 * @param {Reflection} reflection
 * @returns {readonly SourceReference[]}
 */
function sourcesOf(reflection) {
  const hasSources = reflection.isDeclaration() || reflection.isSignature();
  return hasSources ? (reflection.sources ?? []) : [];
}
