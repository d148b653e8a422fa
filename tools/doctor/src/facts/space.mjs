import { statfsSync } from 'node:fs';
import { availableParallelism, freemem, totalmem } from 'node:os';

/**
 * @typedef {object} Space
 * @property {number} diskBytes - free, for whoever runs this
 * @property {number} memoryBytes - what this process could still get
 * @property {number} totalMemoryBytes - of the machine
 * @property {number} cores
 */

/**
 * @param {string} root
 * @returns {Space}
 */
export function readSpace(root) {
  const { bavail, bsize } = statfsSync(root);
  // Knows of limits of containers; came with Node 20.13.
  const memoryBytes = process.availableMemory?.() ?? freemem();
  return {
    diskBytes: bavail * bsize,
    memoryBytes,
    totalMemoryBytes: totalmem(),
    cores: availableParallelism(),
  };
}
