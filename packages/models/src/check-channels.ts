import type { Tensor } from '@tensorflow/tfjs-core';

/** @throws RangeError when the last axis of `x` isn't `channels` long */
export function checkChannels(where: string, x: Tensor, channels: number): void {
  if (x.shape.at(-1) === channels) return;
  throw new RangeError(
    `${where}: inputs must have ${channels} channels; got shape [${x.shape.join(', ')}]`,
  );
}
