/** The first that fits counts; their order is that of the navigation. */
const GROUPS = /** @type {const} */ ([
  [/^docs\/lecture/, 'Lectures'],
  [/^apps\//, 'The command'],
  [/^examples\//, 'Examples'],
  [/^docs\/decisions\//, 'Decisions'],
  [/^tools\//, 'Tools'],
  [/^(CONTRIBUTING|CODE_OF_CONDUCT|SECURITY)\.md$/, 'Taking part'],
  [/./, 'Design'],
]);

/** The groups of the site, in the order of its navigation. */
export const groupOrder = [
  'Modules',
  'Lectures',
  'The command',
  'Examples',
  'Design',
  'Decisions',
  'Taking part',
  'Tools',
];

/**
 * @param {string} path - of a page, from the repository's root
 * @returns {string} the group that it stands in
 */
export function groupOf(path) {
  return GROUPS.find(([pattern]) => pattern.test(path))?.[1] ?? 'Design';
}
