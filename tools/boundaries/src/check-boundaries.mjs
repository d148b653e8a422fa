import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { findCircles } from './circles.mjs';
import { checkManifests } from './manifests.mjs';
import { checkSpreads } from './spreads.mjs';
import { rulesOf, TABLE_FILE } from './rules.mjs';

/** @import { ICruiseResult } from 'dependency-cruiser' */

const FLOORS = ['packages', 'apps', 'examples', 'tools'];

/**
 * Checks a repository: who imports whom, circles, what each package.json says, and calls with as many arguments as there
 * are data. Tests may do anything.
 *
 * @param {string} root - its folder
 * @returns {Promise<{ problems: string[], files: number }>} what is wrong, each with what to do
 */
export async function checkBoundaries(root) {
  const table = JSON.parse(readFileSync(join(root, TABLE_FILE), 'utf8'));
  const rules = rulesOf(table);
  const rooms = roomsOf(root);
  const { output } = await cruise(
    rooms
      .flatMap((room) => [`${room}/src`, `${room}/bin`])
      .filter((folder) => existsSync(join(root, folder))),
    {
      baseDir: root,
      validate: true,
      ruleSet: { forbidden: rules },
      doNotFollow: { path: '(^|/)node_modules/' },
      exclude: { path: '^[^/]+/[^/]+/dist/' },
      parser: 'tsc',
      tsPreCompilationDeps: true,
    },
    {
      exportsFields: ['exports'],
      conditionNames: ['@llm101/source', 'import', 'node', 'default'],
      bustTheCache: true,
    },
  );
  const { modules, summary } = /** @type {ICruiseResult} */ (output);
  const remedies = new Map(rules.map(({ name, comment }) => [name, comment]));
  const arrows = summary.violations.map(
    ({ rule, from, to }) => `${from} may not import ${to}: ${remedies.get(rule.name)}`,
  );
  const files = modules.filter(({ source }) => rooms.some((room) => source.startsWith(`${room}/`)));
  return {
    problems: [
      ...arrows,
      ...findCircles(files),
      ...checkManifests(root, rooms, table, files),
      ...checkSpreads(root, rooms),
    ],
    files: files.length,
  };
}

/** @param {string} root */
function roomsOf(root) {
  return FLOORS.filter((floor) => existsSync(join(root, floor)))
    .flatMap((floor) => readdirSync(join(root, floor)).map((name) => `${floor}/${name}`))
    .filter((room) => existsSync(join(root, room, 'package.json')));
}
