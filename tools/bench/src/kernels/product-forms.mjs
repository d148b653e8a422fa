/**
 * A matrix product as a kernel sees it: `[m, k] · [k, n]` after transposing.
 *
 * @typedef {object} ProductForm
 * @property {number} m
 * @property {number} n
 * @property {number} k
 * @property {number} batch - so many of them in one call
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
 * @param {readonly Pick<import('../workloads.mjs').Workload, 'name' | 'products'>[]} workloads
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
 * @param {import('../flops.mjs').Product} product - of the forward pass
 * @param {ProductForm['form']} form
 * @returns {Pick<ProductForm, 'm' | 'n' | 'k' | 'batch'>}
 */
function sizes([m, k, n, batch = 1], form) {
  if (form === 'A Bᵀ') return { m, n, k, batch };
  return form === 'A B' ? { m, n: k, k: n, batch } : { m: n, n: k, k: m, batch };
}
