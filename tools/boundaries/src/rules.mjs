/** @import { DependencyType, IForbiddenRuleType } from 'dependency-cruiser' */

/** The table's place in the repository. */
export const TABLE_FILE = 'tools/boundaries/boundaries.json';

const TYPES_ONLY = ' (types only)';
/** @type {DependencyType[]} */
const ERASED = ['type-only'];

/**
 * What each room may import, by its folder (`packages/models`, or `examples/*` for all of them): names, with a `*` at
 * the end for any rest, or ` (types only)`.
 *
 * @typedef {Record<string, string[]>} Table
 */

/** Packages that are for Node alone. */
const NODE_ALONE = 'wandb';

const IN_BROWSER = { path: `^packages/(?!(?:${NODE_ALONE})/)[^/]+/src/(?!node/)` };
const KEEP_NODE_APART =
  "a package's main entry runs in the browser; move this to src/node, or what both need out of it";

/**
 * What holds for every room, whatever the table says.
 *
 * @type {IForbiddenRuleType[]}
 */
const COMMON = [
  {
    name: 'no-node-in-main-entries',
    comment: KEEP_NODE_APART,
    from: IN_BROWSER,
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'no-node-half-in-main-entries',
    comment: KEEP_NODE_APART,
    from: IN_BROWSER,
    to: { path: '^packages/[^/]+/src/node/' },
  },
  {
    name: 'no-path-out-of-a-room',
    comment: 'import the other package by its name: its files may move',
    from: { path: '^([^/]+/[^/]+)/' },
    to: { dependencyTypes: ['local'], pathNot: '^$1/' },
  },
  {
    name: 'only-what-is-exported',
    comment: 'nothing of that name is installed and exported; export what is missing',
    from: {},
    to: { couldNotResolve: true, pathNot: '^[.#]' },
  },
];

/**
 * The table as rules of dependency-cruiser: a room imports what its row names, its own files and modules of Node.
 *
 * @param {Table} table
 * @returns {IForbiddenRuleType[]}
 */
export function rulesOf(table) {
  const rows = Object.entries(table).flatMap(([folder, names]) => rulesOfRow(folder, names));
  return [...rows, ...COMMON];
}

/**
 * @param {string} folder
 * @param {string[]} names
 * @returns {IForbiddenRuleType[]}
 */
function rulesOfRow(folder, names) {
  const from = { path: `^(${literal(folder).replace('\\*', '[^/]+')})/` };
  const typed = names.filter((name) => name.endsWith(TYPES_ONLY));
  return [
    {
      name: folder,
      comment: `it may import ${names.join(', ') || 'nothing'} (${TABLE_FILE}); let the application hand in what it needs`,
      from,
      to: { pathNot: ['^$1/', ...names.map((name) => pathOf(name))], dependencyTypesNot: ['core'] },
    },
    ...typed.map((name) => ({
      name: `${folder}, ${name}`,
      comment: `it may import ${name}; write "import type", or let the application hand in what it needs`,
      from,
      to: { path: pathOf(name), dependencyTypesNot: ERASED },
    })),
  ];
}

/**
 * Where the files of a package are: those of this repository in `packages`, others in `node_modules`, or just its name
 * where it isn't installed.
 *
 * @param {string} arrow - a name in the table
 */
function pathOf(arrow) {
  const name = literal(arrow.replace(TYPES_ONLY, ''));
  const path = name.startsWith('@llm101/')
    ? name.replace('@llm101/', '^(packages|@llm101)/')
    : `(^|^node_modules/|/node_modules/)${name}`;
  return path.endsWith('\\*') ? path.slice(0, -2) : `${path}(/|$)`;
}

/** @param {string} text */
function literal(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
