import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { formatTable } from './figures.mjs';

/**
 * The products of a forward pass, by whose they are.
 *
 * @typedef {{ name: string, products: readonly Product[] }} Multiplying
 */

/** @typedef {{ gflops: number, peakGflops: number }} Rate */
/** @typedef {{ plain: Rate, relaxed?: Rate | undefined }} Speed - relaxed where Node has it; its peak is the fused one */
/** @typedef {ProductForm & Speed} KernelRow */

/** @typedef {import('./products.mjs').Product} Product */

/**
 * Of a GPT 128 wide, of one 384 wide, of a head of 65 characters.
 *
 * @param {number} rows
 * @returns {Product[]}
 */
const productsOfRows = (rows) => [
  [rows, 128, 384],
  [rows, 128, 512],
  [rows, 512, 128],
  [rows, 384, 1536],
  [rows, 128, 65],
];

/** Many small ones in one call. @type {readonly Product[]} */
const batched = [
  [64, 32, 64, 48],
  [64, 64, 32, 48],
];

/** Beside those of the workloads: of many rows, as large batches have them, and batches of them. @type {readonly Multiplying[]} */
export const otherProducts = [
  { name: '4,096 rows', products: productsOfRows(4096) },
  { name: '16,384 rows', products: productsOfRows(16_384) },
  { name: 'batched', products: batched },
];

/**
 * Without those of attention, which is a kernel of its own.
 *
 * @param {readonly Product[]} products - of a model
 * @returns {Product[]}
 */
export const withoutAttention = (products) =>
  products.filter(([, , , batch]) => batch === undefined);

/**
 * Measures the matrix products that the workloads are made of, on the core they are pinned to.
 *
 * @param {readonly Multiplying[]} workloads
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

const HEAD = ['m x n x k', 'form', 'GFLOP/s', 'of peak', 'relaxed', 'of fused peak', 'µs'];

/**
 * @param {readonly KernelRow[]} rows
 * @returns {string} a row a product; below each, where it occurs
 */
export function formatKernels(rows) {
  const cells = rows.flatMap(({ m, n, k, batch, form, where, plain, relaxed }) => {
    const size = `${batch > 1 ? `${batch} of ` : ''}${m} x ${n} x ${k}`;
    const microseconds = (2 * m * n * k * batch) / (plain.gflops * 1e3);
    const figures = [plain, relaxed].flatMap((rate) =>
      rate === undefined ? ['-', '-'] : [rate.gflops.toFixed(1), shareOfPeak(rate)],
    );
    return [[size, form, ...figures, microseconds.toPrecision(3)], [`  ${where}`]];
  });
  return formatTable(HEAD, cells);
}

/** @param {Rate} rate */
const shareOfPeak = ({ gflops, peakGflops }) => `${Math.round((100 * gflops) / peakGflops)} %`;

/**
 * A matrix product as a kernel sees it: `[m, k] · [k, n]` after transposing.
 *
 * @typedef {object} ProductForm
 * @property {number} m
 * @property {number} n
 * @property {number} k
 * @property {number} batch - how many of them in one call
 * @property {'A B' | 'A Bᵀ' | 'Aᵀ B'} form - how the operands lie in memory
 * @property {string} where - the models that have it, in which pass
 */

/** What a layer `y = x Wᵀ` multiplies: the scores, then the gradients of x and of W. */
const PASSES = /** @type {const} */ ([
  { form: 'A Bᵀ', pass: 'forward' },
  { form: 'A B', pass: 'input' },
  { form: 'Aᵀ B', pass: 'weight' },
]);

/**
 * Every form that training the workloads needs, each once, in the order of their first occurrence.
 *
 * @param {readonly Multiplying[]} workloads
 * @returns {ProductForm[]}
 */
export function productForms(workloads) {
  /** @type {Map<string, ProductForm>} */
  const found = new Map();
  for (const { name, products } of workloads) {
    for (const product of products) {
      for (const { form, pass } of PASSES) {
        const sized = { ...sizes(product, form), form };
        const where = `${name} ${pass}`;
        const key = Object.values(sized).join();
        const known = found.get(key);
        if (known === undefined) found.set(key, { ...sized, where });
        else if (!known.where.includes(where)) known.where += `, ${where}`;
      }
    }
  }
  return [...found.values()];
}

/**
 * @param {Product} product - of the forward pass
 * @param {ProductForm['form']} form
 * @returns {Pick<ProductForm, 'm' | 'n' | 'k' | 'batch'>}
 */
function sizes([m, k, n, batch = 1], form) {
  if (form === 'A Bᵀ') return { m, n, k, batch };
  return form === 'A B' ? { m, n: k, k: n, batch } : { m: n, n: k, k: m, batch };
}
