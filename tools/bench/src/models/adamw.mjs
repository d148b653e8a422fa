import {
  add,
  div,
  mul,
  scalar,
  sqrt,
  square,
  sub,
  tidy,
  variable,
  variableGrads,
  zerosLike,
} from '@tensorflow/tfjs-core';

/** @typedef {import('@tensorflow/tfjs-core').Variable} Variable */

/** What `torch.optim.AdamW` takes unless told otherwise. */
const [BETA1, BETA2, EPSILON, WEIGHT_DECAY] = [0.9, 0.999, 1e-8, 0.01];

/**
 * AdamW in plain operations: `torch.optim.AdamW(parameters, lr)`. The powers of both betas are variables, so that
 * nothing in a step changes but variables.
 *
 * Source: Loshchilov and Hutter (2019), https://arxiv.org/abs/1711.05101
 *
 * @param {readonly Variable[]} parameters
 * @param {{ learningRate: number }} options
 * @returns {import('@llm101/training').Optimizer}
 */
export function adamw(parameters, { learningRate }) {
  const zeros = () => parameters.map((parameter) => untrained(zerosLike(parameter)));
  const [firsts, seconds] = [zeros(), zeros()];
  const powers = [untrained(scalar(1)), untrained(scalar(1))];
  return {
    learningRate,
    step(loss) {
      return tidy(() => {
        const { value, grads } = variableGrads(loss, [...parameters]);
        powers[0].assign(mul(powers[0], BETA1));
        powers[1].assign(mul(powers[1], BETA2));
        const rate = div(this.learningRate, sub(1, powers[0]));
        const correction = sqrt(sub(1, powers[1]));
        for (const [i, parameter] of parameters.entries()) {
          const gradient = grads[parameter.name];
          firsts[i].assign(add(mul(firsts[i], BETA1), mul(gradient, 1 - BETA1)));
          seconds[i].assign(add(mul(seconds[i], BETA2), mul(square(gradient), 1 - BETA2)));
          const scale = add(div(sqrt(seconds[i]), correction), EPSILON);
          const decayed = mul(parameter, 1 - this.learningRate * WEIGHT_DECAY);
          parameter.assign(sub(decayed, mul(div(firsts[i], scale), rate)));
        }
        return value;
      });
    },
    dispose() {
      for (const state of [...firsts, ...seconds, ...powers]) state.dispose();
    },
  };
}

/** @param {import('@tensorflow/tfjs-core').Tensor} value - disposed of */
function untrained(value) {
  return tidy(() => variable(value, false));
}
