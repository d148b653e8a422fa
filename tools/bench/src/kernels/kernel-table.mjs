import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { formatTable } from '../table.mjs';
import { productForms } from './product-forms.mjs';

/** @typedef {{ gflops: number, relaxedGflops?: number, peakGflops: number }} Speed */
/** @typedef {import('./product-forms.mjs').ProductForm & Speed} KernelRow */

/**
 * Measures the matrix products that the workloads are made of, on the core they are pinned to.
 *
 * @param {readonly import('../workloads.mjs').Workload[]} workloads
 * @param {{ pin: readonly string[], rounds: number }} options
 * @returns {KernelRow[]}
 * @throws {Error} when the process that measures fails
 */
export function measureKernels(workloads, { pin, rounds }) {
  const forms = productForms(workloads);
  const script = fileURLToPath(new URL('./time-products.mjs', import.meta.url));
  const [program, ...args] = [...pin, process.execPath, script];
  const { status, stdout, stderr } = spawnSync(program, args, {
    input: JSON.stringify({ forms, rounds }),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`bench: time-products must end well; it said ${stderr}`);
  /** @type {Speed[]} */
  const speeds = JSON.parse(stdout);
  return forms.map((form, i) => Object.assign(form, speeds[i]));
}

const HEAD = ['m x n x k', 'form', 'GFLOP/s', 'of peak', 'relaxed', 'µs'];

/**
 * @param {readonly KernelRow[]} rows
 * @returns {string} a row a product; below each, where it occurs
 */
export function formatKernels(rows) {
  const cells = rows.flatMap(({ m, n, k, batch, form, where, ...speed }) => {
    const size = `${batch > 1 ? `${batch} of ` : ''}${m} x ${n} x ${k}`;
    const microseconds = (2 * m * n * k * batch) / (speed.gflops * 1e3);
    const { gflops, relaxedGflops, peakGflops } = speed;
    return [
      [
        size,
        form,
        gflops.toFixed(1),
        `${Math.round((100 * gflops) / peakGflops)} %`,
        relaxedGflops === undefined ? '-' : relaxedGflops.toFixed(1),
        microseconds.toPrecision(3),
      ],
      [`  ${where}`],
    ];
  });
  return formatTable(HEAD, cells);
}
