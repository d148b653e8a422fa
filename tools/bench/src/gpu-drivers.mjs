import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * How a GPU may be found: by variables of the environment of who looks for it.
 *
 * @typedef {{ readonly how: string, readonly variables: Readonly<Record<string, string>> }} Way
 *
 * @typedef {object} Found - by one of the ways
 * @property {string} how
 * @property {string} [adapter] - its name
 * @property {boolean} [isSoftware]
 * @property {string} [problem] - why there is none
 */

/**
 * What is known of a machine.
 *
 * @typedef {object} Machine
 * @property {Readonly<Record<string, string | undefined>>} env
 * @property {readonly string[]} manifests - files that name NVIDIA's driver to Vulkan
 * @property {readonly string[]} libraries - NVIDIA's libraries that are such drivers, for want of a file
 * @property {readonly string[]} driverFolders - where containers have its libraries, which may not be among those that programs find
 * @property {boolean} hasLoader - whether Vulkan itself is there
 * @property {readonly string[]} carried - folders of libraries that were brought along
 */

/** Folders in which drivers leave such files; the last one is of containers. */
const MANIFESTS = [
  '/usr/share/vulkan/icd.d',
  '/etc/vulkan/icd.d',
  '/usr/local/share/vulkan/icd.d',
  '/usr/local/nvidia/share/vulkan/icd.d',
];

/** The first one needs X11's libraries; the second is for machines without a display. */
const LIBRARIES = ['libGLX_nvidia.so.0', 'libEGL_nvidia.so.0'];

const DRIVER_FOLDERS = ['/usr/local/nvidia/lib64', '/usr/local/nvidia/lib'];

const FOLDERS = [...DRIVER_FOLDERS, '/usr/lib/x86_64-linux-gnu'];

const LOADER = 'libvulkan.so.1';

const inFolders = (/** @type {string} */ name) =>
  FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path));

/**
 * @param {string} here - the folder beside which libraries may have been brought along
 * @returns {Machine}
 */
export function lookAround(here) {
  const listed = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' }).stdout ?? '';
  const carried = ['loader', 'display'].map((name) => join(here, 'lib', name));
  return {
    env: process.env,
    manifests: MANIFESTS.filter((folder) => existsSync(folder)).flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => /nvidia.*\.json$/.test(name))
        .map((name) => join(folder, name)),
    ),
    libraries: LIBRARIES.flatMap(
      (name) => inFolders(name) ?? (listed.includes(name) ? [name] : []),
    ),
    driverFolders: DRIVER_FOLDERS.filter((folder) => existsSync(folder)),
    hasLoader: listed.includes(LOADER) || inFolders(LOADER) !== undefined,
    carried: carried.filter((folder) => existsSync(folder)),
  };
}

/**
 * Ways to a GPU, the most likely first: as the machine is; by a file of NVIDIA's; by a file of our own that names its library. Each with
 * the libraries that the machine has, then with those that were brought along too.
 *
 * @param {Machine} machine
 * @param {string} scratch - where files may be written
 * @returns {Way[]}
 */
export function waysToGpu(machine, scratch) {
  const { env, manifests, libraries, driverFolders, hasLoader, carried } = machine;
  const own = libraries.map((library, i) => {
    const path = join(scratch, `nvidia-${i}.json`);
    const icd = { library_path: library, api_version: '1.3.0' };
    writeFileSync(path, JSON.stringify({ file_format_version: '1.0.0', ICD: icd }));
    return { how: `by ${library}`, path };
  });
  const isChosen = env['VK_DRIVER_FILES'] !== undefined || env['VK_ICD_FILENAMES'] !== undefined;
  const files = isChosen ? [] : [...manifests.map((path) => ({ how: `by ${path}`, path })), ...own];
  /** @type {Way[]} */
  const drivers = [
    { how: 'as it is', variables: {} },
    ...files.map(({ how, path }) => ({
      how,
      variables: { VK_DRIVER_FILES: path, VK_ICD_FILENAMES: path }, // older loaders know the second name
    })),
  ];
  const sets = carried.map((_, i) => carried.slice(0, i + 1));
  return [...(hasLoader || sets.length === 0 ? [[]] : []), ...sets].flatMap((folders) =>
    drivers.map(({ how, variables }) => {
      const names = folders.map((folder) => folder.split('/').at(-1)).join(' and ');
      const own = env['LD_LIBRARY_PATH'] ?? '';
      const paths = [...folders, own, ...driverFolders].filter((path) => path !== '').join(':');
      return {
        how: names === '' ? how : `${how}, with lib/${names}`,
        variables: paths === own ? variables : { ...variables, LD_LIBRARY_PATH: paths },
      };
    }),
  );
}

const PROBE = fileURLToPath(new URL('./gpu-probe.mjs', import.meta.url));
const PROBE_MS = 15_000;

/** No other way is tried after that: the time is needed to measure. */
const SEARCH_MS = 45_000;

/**
 * The first way that leads to a GPU, or for want of one to software that stands in for it.
 *
 * @param {readonly Way[]} ways
 * @param {(way: Way) => Found} [look]
 * @returns {{ way: Way | undefined, tried: readonly Found[] }}
 */
export function findWay(ways, look = probe) {
  /** @type {Found[]} */
  const tried = [];
  const begin = performance.now();
  for (const way of ways) {
    if (performance.now() - begin > SEARCH_MS) break;
    const found = look(way);
    tried.push(found);
    if (found.adapter !== undefined && found.isSoftware !== true) return { way, tried };
  }
  return { way: ways[tried.findIndex(({ adapter }) => adapter !== undefined)], tried };
}

/**
 * Asks for an adapter in a process of its own, as Vulkan reads the environment once.
 *
 * @param {Way} way
 * @returns {Found}
 */
function probe({ how, variables }) {
  const { stdout, stderr, error } = spawnSync(process.execPath, [PROBE], {
    env: { ...process.env, ...variables },
    encoding: 'utf8',
    timeout: PROBE_MS,
  });
  const line = (stdout ?? '').split('\n').find((text) => text.startsWith('{'));
  if (line !== undefined) return { how, ...JSON.parse(line) };
  return { how, problem: error?.message ?? stderr.trim().split('\n').at(-1) ?? 'no answer' };
}
