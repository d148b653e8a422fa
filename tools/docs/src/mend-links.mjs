import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { normalizePath } from 'typedoc';
import { brokenAddresses } from './addresses.mjs';
import { fromRoot } from './from-root.mjs';
import { whereTo } from './where-to.mjs';

/** @import { CommentDisplayPart, ProjectReflection, Reflection } from 'typedoc' */

/**
 * Leads each link to a path of the repository to what that is on the site, or to GitHub.
 *
 * @param {ProjectReflection} project
 * @param {readonly Reflection[]} reflections - all of its
 * @returns {string[]} what is wrong with links
 */
export function mendLinks(project, reflections) {
  /** @type {string[]} */
  const problems = [];
  /** @type {Set<string>} */
  const elsewhere = new Set();
  for (const reflection of [project, ...reflections]) {
    const page = project.files.getReflectionPath(reflection);
    const where = page === undefined ? reflection.getFriendlyFullName() : fromRoot(page);
    for (const parts of textsOf(reflection)) {
      problems.push(
        ...mendParts(project, parts, elsewhere).map((problem) => `${where}: ${problem}`),
      );
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
function mendParts(project, parts, elsewhere) {
  const { files } = project;
  /** @param {string} path */
  const pageAt = (path) => {
    const { target } = files.registerAbsolute(normalizePath(resolve(path)));
    return typeof files.resolve(target, project) === 'string' ? undefined : target;
  };
  /** @type {string[]} */
  const problems = [];
  for (const [i, part] of parts.entries()) {
    if (part.kind === 'text') problems.push(...brokenAddresses(part.text).map(notAnAddress));
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
