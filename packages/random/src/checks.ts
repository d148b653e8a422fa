/** @throws RangeError unless `n` is a whole number from 0 to `most` */
export function checkCount(where: string, n: number, most = 2 ** 32 - 1): void {
  if (!Number.isInteger(n) || n < 0 || n > most) {
    throw new RangeError(`${where}: n must be a whole number from 0 to ${most}; got ${n}`);
  }
}

/** @throws TypeError unless there is a generator: it was forgotten, or a seed stands in its place */
export function checkGenerator(where: string, generator: unknown): void {
  if (typeof generator === 'object' && generator !== null && 'nextUint32' in generator) return;
  throw new TypeError(
    `${where}: a generator is needed, such as Generator.seeded(101); got ${String(generator)}`,
  );
}
