/**
 * A matrix product of the forward pass: `[m, k] · [k, n]`, or a batch of so many.
 *
 * @typedef {readonly [m: number, k: number, n: number, batch?: number]} Product
 */

/**
 * Floating-point operations of one training step: each product costs `2 m k n` forward and twice that backward, for
 * the gradients of both factors. Everything else (activations, softmax, the optimizer) is below a few percent and is
 * left out, and so is what a contestant multiplies beyond the products of the model.
 *
 * @param {readonly Product[]} products
 * @returns {number}
 */
export function trainingFlops(products) {
  return products.reduce((sum, [m, k, n, batch = 1]) => sum + 6 * m * k * n * batch, 0);
}
