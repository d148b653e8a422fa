import { ReflectionKind } from 'typedoc';

/** @import { ProjectReflection, Reflection } from 'typedoc' */

/**
 * Members of a type that is written out where it is used, as in a union: they have no name of their own, and are
 * described where it stands.
 *
 * @param {ProjectReflection} project
 * @param {readonly Reflection[]} reflections
 * @returns {string[]} those that typedoc would complain of
 */
export function membersOfLiterals(project, reflections) {
  const names = reflections
    .filter(
      (reflection) =>
        reflection.kindOf(ReflectionKind.Property) ||
        reflection.parent?.kindOf(ReflectionKind.Method),
    )
    .filter((reflection) => !reflection.hasComment() && reflection.parent?.hasComment() !== true)
    .filter((reflection) =>
      project.getSymbolIdFromReflection(reflection)?.packageName.startsWith('@llm101/'),
    )
    .filter((reflection) => {
      const kinds = new Set(ancestors(reflection).map(({ kind }) => kind));
      return kinds.has(ReflectionKind.TypeLiteral) && !kinds.has(ReflectionKind.Parameter);
    })
    .map((reflection) => reflection.getFriendlyFullName());
  return [...new Set(names)];
}

/**
 * @param {Reflection} reflection
 * @returns {Reflection[]} what it is in, and what that is in, …
 */
function ancestors({ parent }) {
  return parent === undefined ? [] : [parent, ...ancestors(parent)];
}
