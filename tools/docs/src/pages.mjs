import { relative, sep } from 'node:path';

/** @import { CommentDisplayPart } from 'typedoc' */

/**
 * @param {string} absolute - a path in the repository, whose root is where typedoc was called
 * @returns {string} `docs/shapes.md`
 */
export function fromRoot(absolute) {
  return relative(process.cwd(), absolute).replaceAll(sep, '/');
}

/** @typedef {Record<string, string | Record<string, string>>} Exports of a `package.json` */

/**
 * @param {string} path - the folder of an entry's `index.ts`, as typedoc names it: `src/node`, or `packages/data/src/node`
 * @param {{ name: string, exports: Exports }} manifest - of the package
 * @returns {string} what one imports it by, `@llm101/data/node`; the path unless it is an entry
 */
export function entryName(path, { name, exports }) {
  const [entry] =
    Object.entries(exports).find(([, target]) => {
      const source = typeof target === 'string' ? target : (target['@llm101/source'] ?? '');
      return `/${path}`.endsWith(source.replace(/^\./, '').replace(/(\/index)?\.ts$/, ''));
    }) ?? [];
  return entry === undefined ? path : name + entry.slice('.'.length);
}

/** The first that fits counts; their order is that of the navigation. */
const GROUPS = /** @type {const} */ ([
  [/^docs\/(lecture|toy-tasks)/, 'Lectures'],
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
 * @returns {string} its group
 */
export function groupOf(path) {
  return GROUPS.find(([pattern]) => pattern.test(path))?.[1] ?? 'Design';
}

/**
 * A page's first heading, and the page without it, as the site sets titles itself.
 *
 * @param {readonly CommentDisplayPart[]} content
 * @returns {{ title: string | undefined, content: CommentDisplayPart[] }}
 */
export function takeTitle(content) {
  const whole = { title: undefined, content: [...content] };
  const end = content.findIndex(({ text }) => text.includes('\n'));
  if (end === -1) return whole;
  const { text } = content[end];
  const newline = text.indexOf('\n');
  const line = [...content.slice(0, end).map((part) => part.text), text.slice(0, newline)].join('');
  const [, title] = /^# (.+)$/.exec(line) ?? [];
  if (title === undefined) return whole;
  return {
    title: title.replaceAll('`', ''),
    content: [{ kind: 'text', text: text.slice(newline).trimStart() }, ...content.slice(end + 1)],
  };
}
