import type { Tensor2D } from '@tensorflow/tfjs-core';

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
