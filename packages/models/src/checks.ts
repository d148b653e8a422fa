import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';

/** @throws RangeError naming the first size that isn't a whole number of at least 1 */
export function checkSizes(where: string, sizes: object): void {
  for (const [name, value] of Object.entries(sizes)) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`${where}: ${name} must be a whole number of at least 1; got ${value}`);
    }
  }
}

/** @throws RangeError unless `found` is one of the choices */
export function checkChoice(what: string, choices: readonly string[], found: string): void {
  if (choices.includes(found)) return;
  throw new RangeError(`${what} must be ${choices.join(' or ')}; got ${found}`);
}

/** @throws RangeError when the last axis of `x` isn't `channels` long */
export function checkChannels(where: string, x: Tensor, channels: number): void {
  if (x.shape.at(-1) === channels) return;
  throw new RangeError(
    `${where}: inputs must have ${channels} channels; got shape [${x.shape.join(', ')}]`,
  );
}

/**
 * @returns the shape `[B, T]`
 * @throws RangeError when a row isn't `contextSize` tokens long
 */
export function checkTokens(
  where: string,
  tokens: Tensor2D,
  contextSize: number,
): [number, number] {
  if (tokens.shape.length !== 2 || tokens.shape[1] !== contextSize) {
    throw new RangeError(
      `${where}: tokens must have shape [B, ${contextSize}]; got [${tokens.shape.join(', ')}]`,
    );
  }
  return tokens.shape;
}

/**
 * @returns the tokens as a tensor takes them, which would cut a fraction off and take NaN for 0
 * @throws RangeError naming the first that isn't a whole number from 0 on
 */
export function wholeTokens(where: string, tokens: ArrayLike<number>): Int32Array {
  const all = Array.from(tokens);
  const wrong = all.findIndex((token) => !Number.isInteger(token) || token < 0);
  if (wrong === -1) return Int32Array.from(all);
  throw new RangeError(
    `${where}: tokens must be whole numbers from 0 on; got ${all[wrong]} at index ${wrong}`,
  );
}
