import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Application, ReflectionKind } from 'typedoc';
import { entryName, fromRoot, groupOf, groupOrder, takeTitle } from './pages.mjs';
import { leadSources, resolveLinks } from './links.mjs';

/** @import { DocumentReflection, ProjectReflection, Reflection } from 'typedoc' */

/** Before typedoc sorts pages into groups, and after it has read the front page. */
const [EARLY, LATE] = [1000, -1000];

/**
 * What typedoc lacks: pages are named by their first heading and stand in groups, links lead to what a path of the
 * repository became on the site, or to GitHub, and it is a warning, an error by typedoc.json, when they lead nowhere.
 *
 * @param {Application} app
 */
export function load(app) {
  app.on(Application.EVENT_BOOTSTRAP_END, () => {
    app.options.setValue('groupOrder', groupOrder);
    app.options.setValue(
      'packagesRequiringDocumentation',
      manifestsOfPackages().map(({ name }) => name),
    );
  });
  app.on(Application.EVENT_PROJECT_REVIVE, nameEntries, EARLY);
  app.on(Application.EVENT_PROJECT_REVIVE, placeDocuments, EARLY);
  app.on(
    Application.EVENT_PROJECT_REVIVE,
    (/** @type {ProjectReflection} */ project) => {
      const reflections = Object.values(project.reflections);
      leadSources(reflections);
      for (const problem of resolveLinks(project, reflections)) app.logger.warn(problem);
      app.options.setValue('intentionallyNotDocumented', functionsOfLiterals(reflections));
    },
    LATE,
  );
}

/** @returns {{ name: string, exports: import('./pages.mjs').Exports }[]} of all packages: a new one has to be documented too */
function manifestsOfPackages() {
  if (!existsSync('packages')) return [];
  return readdirSync('packages')
    .map((folder) => join('packages', folder, 'package.json'))
    .filter((path) => existsSync(path))
    .map((path) => JSON.parse(readFileSync(path, 'utf8')));
}

/**
 * A package with several entries has a module for each, which typedoc names by its path: `src/node`; here it has the name by which
 * one imports it, `@llm101/data/node`.
 *
 * @param {ProjectReflection} project
 */
function nameEntries(project) {
  const manifests = new Map(manifestsOfPackages().map((manifest) => [manifest.name, manifest]));
  for (const reflection of project.getReflectionsByKind(ReflectionKind.Module)) {
    const manifest = manifests.get(reflection.parent?.name ?? '');
    if (manifest !== undefined) reflection.name = entryName(reflection.name, manifest);
  }
}

/** @param {ProjectReflection} project */
function placeDocuments(project) {
  for (const reflection of Object.values(project.reflections)) {
    if (reflection.isDocument()) placeDocument(project, reflection);
  }
}

/**
 * @param {ProjectReflection} project
 * @param {DocumentReflection} document
 */
function placeDocument(project, document) {
  const path = fromRoot(project.files.getReflectionPath(document) ?? document.name);
  const { title, content } = takeTitle(document.content);
  document.name = title ?? path;
  document.content = content;
  document.frontmatter = { ...document.frontmatter, group: groupOf(path) };
}

/**
 * Functions without a docstring in a type that is written out where it is used: what they do is said there.
 *
 * @param {readonly Reflection[]} reflections
 * @returns {string[]} only those that typedoc would complain of
 */
function functionsOfLiterals(reflections) {
  const names = reflections
    .filter(
      (reflection) =>
        isFunctionProperty(reflection) || reflection.parent?.kindOf(ReflectionKind.Method),
    )
    .filter((reflection) => !reflection.hasComment() && reflection.parent?.hasComment() !== true)
    .filter((reflection) => {
      const kinds = new Set(ancestors(reflection).map(({ kind }) => kind));
      return kinds.has(ReflectionKind.TypeLiteral) && !kinds.has(ReflectionKind.Parameter);
    })
    .map((reflection) => reflection.getFriendlyFullName());
  return [...new Set(names)];
}

/** @param {Reflection} reflection */
function isFunctionProperty(reflection) {
  return (
    reflection.kindOf(ReflectionKind.Property) &&
    reflection.isDeclaration() &&
    reflection.type?.type === 'reflection' &&
    reflection.type.declaration.signatures !== undefined
  );
}

/**
 * @param {Reflection} reflection
 * @returns {Reflection[]} what it is in, and what that is in, …
 */
function ancestors({ parent }) {
  return parent === undefined ? [] : [parent, ...ancestors(parent)];
}
