import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TABLE_FILE } from './rules.mjs';

/** @import { IModule } from 'dependency-cruiser' */
/** @import { Table } from './rules.mjs' */

/** @typedef {Partial<Record<'dependencies' | 'devDependencies' | 'peerDependencies' | 'optionalDependencies', Record<string, string>>> & { name: string }} Manifest */

/**
 * Checks that each room has its row, and that each published package.json has what its sources import, with
 * TensorFlow.js as a peer. What a package.json has too much, knip finds.
 *
 * @param {string} root
 * @param {readonly string[]} rooms - folders of packages, apps, examples and tools
 * @param {Table} table
 * @param {readonly IModule[]} files
 * @returns {string[]} what is wrong, with what to do
 */
export function checkManifests(root, rooms, table, files) {
  const inTable = rooms.filter((room) => !room.startsWith('tools/'));
  const rowOf = (/** @type {string} */ room) =>
    [room, room.replace(/[^/]+$/, '*')].find((row) => row in table);
  const rows = new Set(inTable.map((room) => rowOf(room)));
  return [
    ...inTable
      .filter((room) => rowOf(room) === undefined)
      .map((room) => `${TABLE_FILE}: ${room} has no row; say what it may import, [] for nothing`),
    ...Object.keys(table)
      .filter((row) => !rows.has(row))
      .map((row) => `${TABLE_FILE}: ${row} doesn't exist; take its row out`),
    ...inTable.flatMap((room) =>
      checkManifest(
        room,
        JSON.parse(readFileSync(join(root, room, 'package.json'), 'utf8')),
        files.filter(({ source }) => source.startsWith(`${room}/`)),
      ),
    ),
  ];
}

/**
 * @param {string} room
 * @param {Manifest} manifest
 * @param {readonly IModule[]} files - of the room
 * @returns {string[]}
 */
function checkManifest(room, manifest, files) {
  const { dependencies, peerDependencies, optionalDependencies, devDependencies } = manifest;
  const declared = {
    ...dependencies,
    ...peerDependencies,
    ...optionalDependencies,
    ...(room.startsWith('apps/') ? devDependencies : {}), // an app is published as a bundle
  };
  const imported = files
    .flatMap(({ dependencies: found }) => found)
    .filter(
      ({ module, dependencyTypes }) => !/^[.#]/.test(module) && !dependencyTypes.includes('core'),
    )
    .map(({ module }) =>
      module
        .split('/')
        .slice(0, module.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  const peers = Object.keys(room.startsWith('packages/') ? (dependencies ?? {}) : {}).filter(
    (name) => name.startsWith('@tensorflow/'),
  );
  return [
    ...[...new Set(imported)]
      .filter((name) => name !== manifest.name && !(name in declared))
      .map(
        (name) => `${room}/package.json: its sources import ${name}; add it to the dependencies`,
      ),
    ...peers.map(
      (name) => `${room}/package.json: ${name} must be one copy; move it to peerDependencies`,
    ),
  ];
}
