import { type ModelConfig, multiplicationsOf, parameterCount } from './models/index.js';
import type { Settings } from './settings/settings.js';

/** What a batch is, for the choice of {@link chooseShards}. */
export interface BatchSizes {
  readonly config: ModelConfig;
  /** Rows that the batch can be cut into. */
  readonly rows: number;
  /** Rows that its model computes, as `RowSize` counts them. */
  readonly computed: number;
}

/**
 * Multiplications of a shard's forward pass below which it isn't worth while: those of 100 µs, where waiting for each other takes
 * some 10. Half a batch of the lecture's CNN has a million, of its MLP a sixth of that.
 */
const LEAST_OF_SHARD = 1e6;

/** The same for each parameter: a shard's gradients are written, and read by every thread. */
const LEAST_OF_PARAMETER = 16;

/**
 * The parts that a batch is cut into where the settings leave it open (`auto`): one a core, but only so many as are worth while; on a GPU one.
 * It depends on sizes and cores alone, never on how fast the machine is.
 */
export function chooseShards(
  {
    shards,
    accumulate,
    device,
  }: Pick<Settings, 'shards' | 'accumulate'> & Partial<Pick<Settings, 'device'>>,
  { config, rows, computed }: BatchSizes,
  cores: number,
): number {
  if (shards !== 'auto') return shards;
  if (device === 'webgpu') return 1;
  const least = Math.max(LEAST_OF_SHARD, LEAST_OF_PARAMETER * parameterCount(config));
  const worth = (computed * multiplicationsOf(config)) / least;
  return Math.max(1, Math.floor(Math.min(cores, rows / accumulate, worth)));
}

/** Multiplications for which a thread is started: it takes a tenth of a second, with a backend of its own. */
const LEAST_OF_THREAD = 2e9;

/**
 * The threads that compute something that isn't a step, such as an evaluation, where the settings leave it open: one a core, but
 * only so many as are worth their start.
 *
 * @param multiplications - of all of it
 */
export function chooseWorkers(
  workers: Settings['workers'],
  multiplications: number,
  cores = availableCores(),
): number {
  if (workers !== 'auto') return workers;
  return Math.max(1, Math.min(cores, Math.floor(multiplications / LEAST_OF_THREAD)));
}

/** The threads that compute the shards of a step: no more than there are shards, and where it is left open, than cores. */
export function workersOf(
  { workers, shards }: { readonly workers: Settings['workers']; readonly shards: number },
  cores = availableCores(),
): number {
  return Math.min(shards, workers === 'auto' ? cores : workers);
}

interface NodeProcess {
  getBuiltinModule?(name: string): { availableParallelism?(): number } | undefined;
}

/** Cores that this program may use: in Node those that its process is given, in a page those of the machine. */
export function availableCores(): number {
  const { process, navigator } = globalThis as {
    readonly process?: NodeProcess;
    readonly navigator?: { readonly hardwareConcurrency?: number };
  };
  const cores =
    process?.getBuiltinModule?.('node:os')?.availableParallelism?.() ??
    navigator?.hardwareConcurrency;
  return Math.max(1, cores ?? 1);
}
