import { checkSize } from '../checks.js';
import { divergenceTerm, largest } from '../sums.js';
import { inUnit, type UnitOptions } from '../units.js';
import type { Channel } from './channel.js';

export interface CapacityOptions extends UnitOptions {
  /** How far the result may be below the capacity, in nats, positive; default: 1e-9. */
  readonly tolerance?: number;
  /** The maximal number of rounds; default: 100,000. */
  readonly maxIterations?: number;
}

/** The capacity of a channel and the input that achieves it. */
export interface Capacity {
  /** The information that `input` carries. */
  readonly capacity: number;
  /** No input carries more; above `capacity` by the tolerance at most, if the rounds sufficed. */
  readonly upperBound: number;
  /** `[inputs]` the probability with which to send each symbol. */
  readonly input: Float64Array;
  /** The number of rounds. */
  readonly iterations: number;
}

/**
 * The capacity of any channel, the largest mutual information of what is sent and received, by alternation: an input
 * determines the information of each symbol, `D(p(y|x)‖p(y))`; symbols with more information are then sent more often.
 * Its mean is a lower bound, its maximum an upper one. They usually converge geometrically, but only like one over the
 * number of rounds if a symbol that needn't be sent would carry as much as the others.
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
    const information = informationOf(channel, input);
    const upper = largest(information);
    // exp(information - upper), so that nothing overflows.
    const factors = information.map((nats) => Math.exp(nats - upper));
    const mean = input.reduce((sum, p, x) => sum + p * factors[x], 0);
    const lower = input.reduce((sum, p, x) => sum + p * information[x], 0);
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
function informationOf(channel: Channel, input: Float64Array): Float64Array {
  const output = new Float64Array(channel.outputs);
  for (const [x, row] of channel.matrix.entries()) {
    for (let y = 0; y < row.length; y++) output[y] += input[x] * row[y];
  }
  return Float64Array.from(channel.matrix, (row) => {
    let nats = 0;
    for (let y = 0; y < row.length; y++) {
      // The product of tiny numbers can vanish; such a term contributes nothing.
      if (output[y] > 0) nats += divergenceTerm(row[y], output[y]);
    }
    return nats;
  });
}
