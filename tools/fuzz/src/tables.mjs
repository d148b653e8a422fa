import { fitScalingLaw, parseScalingPoints, TableError, whatPointsLack } from '@llm101/sweeps';
import { mutateText } from './mutate.mjs';

/** A table of runs. */
const RUNS = [
  'run,N,D,"val loss"',
  ...[1e6, 4e6, 2e7].flatMap((n) =>
    [1e8, 1e9].map((d) => `"a, ""b""",${n},${d},${1.5 + 300 / n ** 0.4}`),
  ),
  '"c\nd",2e6,3e9,2.5\n',
].join('\n');

/**
 * A table that scaling laws are fitted to.
 *
 * @returns {import('./targets.mjs').Target}
 */
export const tableTarget = () => ({
  name: 'scaling table',
  input: (random) => new TextEncoder().encode(mutateText(RUNS, random)),
  read(file) {
    const { points } = parseScalingPoints(new TextDecoder().decode(file));
    if (whatPointsLack(points) !== undefined) return;
    if (Number.isNaN(fitScalingLaw(points).sum)) throw new Error('the sum is NaN');
  },
  refuses: [TableError],
});
