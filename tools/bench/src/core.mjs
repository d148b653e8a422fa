import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const PROGRAM = 'taskset'; // of util-linux

/**
 * The last core of a list as Linux writes it: 5 of `0-2,4-5`. The last, because the system's own work prefers core 0.
 *
 * @param {string} list
 * @returns {number}
 */
export function lastCore(list) {
  return Number(list.trim().split(/[,-]/).at(-1));
}

/**
 * What to put before a command so that it stays on one core: `taskset -c N`, or nothing where there is no taskset.
 *
 * @returns {string[]}
 */
export function pinToOneCore() {
  if (spawnSync(PROGRAM, ['--version']).status !== 0) return [];
  const status = readFileSync('/proc/self/status', 'utf8');
  const [, list = '0'] = /^Cpus_allowed_list:\s*(.+)$/m.exec(status) ?? [];
  return [PROGRAM, '-c', String(lastCore(list))];
}
