import { ok, problem, warning } from '../finding.mjs';

/** @import { Finding } from '../finding.mjs' */
/** @import { Space } from '../facts/space.mjs' */

const GB = 1e9;

/** An installed and built checkout takes 0.6 GB; tests of packages install them a few times more. */
const DISK = { least: 0.3 * GB, good: 2 * GB };

/** Two compilers or test processes at once take some 0.5 GB each. */
const MEMORY = { least: 0.5 * GB, good: 2 * GB };

/**
 * @param {Space} space
 * @returns {Finding[]}
 */
export function checkSpace({ diskBytes, memoryBytes, totalMemoryBytes, cores }) {
  const memory = `${gigabytes(memoryBytes)} of ${gigabytes(totalMemoryBytes)} free, cores: ${cores}`;
  return [
    judge(diskBytes, DISK)(
      'disk',
      `${gigabytes(diskBytes)} free`,
      `make room: ${gigabytes(DISK.good)} are good`,
    ),
    judge(memoryBytes, MEMORY)('memory', memory, 'close something, or set NX_PARALLEL=1'),
  ];
}

/**
 * @param {number} bytes
 * @param {{ least: number, good: number }} bounds
 */
function judge(bytes, { least, good }) {
  if (bytes >= good) return ok;
  return bytes < least ? problem : warning;
}

/** @param {number} bytes */
function gigabytes(bytes) {
  return `${(bytes / GB).toFixed(1)} GB`;
}
