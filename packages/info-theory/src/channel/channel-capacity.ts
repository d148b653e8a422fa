import { checkSize } from '../checks.js';
import { divergenceTerm } from '../sums.js';
import { inUnit, type UnitOptions } from '../units.js';
import type { Channel } from './channel.js';

export interface CapacityOptions extends UnitOptions {
  /** How far the result may be below the capacity, in nats; 1e-9 unless given, positive. */
  readonly tolerance?: number;
  /** Rounds at most; 100,000 unless given. */
  readonly maxIterations?: number;
}

/** The most that a channel carries, and the input that achieves it. */
export interface Capacity {
  /** What the input below carries. */
  readonly capacity: number;
  /** No input carries more; above `capacity` by the tolerance at most, where the rounds sufficed. */
  readonly upperBound: number;
  /** `[inputs]` how often each symbol has to be sent. */
  readonly input: Float64Array;
  /** How many steps it took. */
  readonly iterations: number;
}

/**
 * The capacity of any channel, the largest mutual information of what is sent and received, by alternating: from an
 * input follows what each symbol tells, `D(p(y|x)‖p(y))`; symbols that tell more are sent more often. The mean of it is
 * a lower bound, its maximum an upper one. They close in geometrically as a rule, and slowly, like one over the number of
 * rounds, where a symbol that needn't be sent would tell just as much as the others.
 *
 * Source: Blahut (1972), "Computation of Channel Capacity and Rate-Distortion Functions"; Arimoto (1972), "An Algorithm
 * for Computing the Capacity of Arbitrary Discrete Memoryless Channels".
 *
 * @throws RangeError when an option is out of its range or the unit is unknown
 */
export function channelCapacity(channel: Channel, options: CapacityOptions = {}): Capacity {
  const where = 'channelCapacity';
  const { tolerance = 1e-9, maxIterations = 100_000 } = options;
  if (!(tolerance > 0)) {
    throw new RangeError(`${where}: tolerance must be positive; got ${tolerance}`);
  }
  checkSize(where, maxIterations, 'maxIterations');
  const { inputs } = channel;
  const input = new Float64Array(inputs).fill(1 / inputs);
  for (let iterations = 1; ; iterations++) {
    const told = whatSymbolsTell(channel, input);
    const upper = Math.max(...told);
    // exp(told - upper), so that nothing overflows.
    const factors = told.map((nats) => Math.exp(nats - upper));
    const mean = input.reduce((sum, p, x) => sum + p * factors[x], 0);
    const lower = input.reduce((sum, p, x) => sum + p * told[x], 0);
    if (upper - lower <= tolerance || iterations === maxIterations) {
      return {
        capacity: inUnit(where, Math.max(lower, 0), options),
        upperBound: inUnit(where, Math.max(upper, 0), options),
        input,
        iterations,
      };
    }
    for (let x = 0; x < inputs; x++) input[x] *= factors[x] / mean;
  }
}

/** `[inputs]` D(p(y|x)‖p(y)) in nats. */
function whatSymbolsTell(channel: Channel, input: Float64Array): Float64Array {
  const output = new Float64Array(channel.outputs);
  for (const [x, row] of channel.matrix.entries()) {
    for (let y = 0; y < row.length; y++) output[y] += input[x] * row[y];
  }
  return Float64Array.from(channel.matrix, (row) => {
    let nats = 0;
    for (let y = 0; y < row.length; y++) {
      // A product of the smallest numbers can vanish; what it stands for weighs nothing.
      if (output[y] > 0) nats += divergenceTerm(row[y], output[y]);
    }
    return nats;
  });
}
