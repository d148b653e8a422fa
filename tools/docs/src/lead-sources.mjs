import { addressOf } from './where-to.mjs';

/** @import { Reflection, SourceReference } from 'typedoc' */

/**
 * Leads each "Defined in" to its line on GitHub. typedoc itself counts paths from each package's folder of sources, as
 * long as it doesn't ask git. What is defined in somebody else's package leads nowhere.
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
