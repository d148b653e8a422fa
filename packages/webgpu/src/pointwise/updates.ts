import { inputNamed, SCALE } from '@llm101/wasm/recording';
import type { Pointwise, PointwiseCall } from '../wgsl/kernel.js';
import { float } from '../wgsl/types.js';
import { given } from './activations.js';

/** An input's element: at the output's place, or the one that a scalar has. */
function element(call: PointwiseCall, name: string): string {
  const value = given(call.node, name);
  const place = SCALARS.has(name) ? '0u' : call.index;
  return call.line(call.kernel.at(value, place));
}

const SCALARS: ReadonlySet<string> = new Set(['rate', 'step', 'share', 't', SCALE]);

const number = ({ node }: PointwiseCall, name: string): number => Number(node.attrs[name]);

/** The gradient, by the scale of a node that clips. */
function gradientOf(call: PointwiseCall, name: string): string {
  const gradient = element(call, name);
  return inputNamed(call.node, SCALE) === undefined
    ? gradient
    : call.line(`${gradient} * ${element(call, SCALE)}`);
}

/** What is left of weights in a step of decoupled decay. */
const decayed = (call: PointwiseCall, w: string, rate: string): string => {
  const decay = number(call, 'weightDecay');
  return decay === 0 ? w : `(${w} * (1.0f - ${rate} * ${float(decay)}))`;
};

/** `1 - beta^step`. */
function correction(call: PointwiseCall, beta: number, step: string): string {
  if (beta === 0) return '1.0f';
  return call.line(`${call.kernel.use('one_minus_power')}(${float(Math.log(beta))}, ${step})`);
}

/** Steps of optimizers, by the names of their kernels; each output may take the place of its input. */
export const updates: Readonly<Record<string, Pointwise>> = {
  Descent(call) {
    const [w, rate] = ['w', 'rate'].map((name) => inputNamed(call.node, name));
    const [first, , third] = call.node.inputs;
    const by = call.line(call.kernel.at(rate ?? third, '0u'));
    return `(${call.line(call.kernel.at(w ?? first, call.index))} - ${gradientOf(call, 'g')} * ${by})`;
  },
  MomentumUpdate(call) {
    const [w, v, rate, step] = ['parameter', 'velocity', 'rate', 'step'].map((name) =>
      element(call, name),
    );
    const [momentum, dampening, decay] = ['momentum', 'dampening', 'weightDecay'].map((name) =>
      number(call, name),
    );
    const plain = gradientOf(call, 'gradient');
    const g = decay === 0 ? plain : call.line(`${plain} + ${float(decay)} * ${w}`);
    const next =
      momentum === 0
        ? g
        : call.line(
            `select(${float(momentum)} * ${v} + ${float(1 - dampening)} * ${g}, ${g}, ${step} <= 1.0f)`,
          );
    if (call.output === 1) return next;
    const change =
      call.node.attrs['nesterov'] === true ? `(${g} + ${float(momentum)} * ${next})` : next;
    return `(${w} - ${rate} * ${change})`;
  },
  AdamUpdate: (call) =>
    adamStep(call, {
      w: element(call, 'parameter'),
      g: gradientOf(call, 'gradient'),
      first: element(call, 'first'),
      second: element(call, 'second'),
      rate: element(call, 'rate'),
      step: element(call, 'step'),
    })[call.output],
  ScheduleFreeUpdate(call) {
    const names = ['parameter', 'z', 'second', 'rate', 'step', 'share'];
    const [w, old, v, rate, step, share] = names.map((name) => element(call, name));
    const [beta1, beta2, epsilon, decay] = ['beta1', 'beta2', 'epsilon', 'weightDecay'].map(
      (name) => number(call, name),
    );
    const g = gradientOf(call, 'gradient');
    const z = call.line(`select(${old}, ${w}, ${step} <= 1.0f)`);
    const second = call.line(`${float(beta2)} * ${v} + ${float(1 - beta2)} * ${g} * ${g}`);
    if (call.output === 2) return second;
    const change = call.line(
      `${g} / (sqrt(${second} / ${correction(call, beta2, step)}) + ${float(epsilon)}) + ${float(decay)} * ${w}`,
    );
    if (call.output === 1) return `(${z} - ${rate} * ${change})`;
    return `(${w} + (${z} - ${w}) * ${share} + ${rate} * (${float(beta1)} * (1.0f - ${share}) - 1.0f) * ${change})`;
  },
  Lerp(call) {
    const [a, b, t] = ['a', 'b', 't'].map((name) => element(call, name));
    return `(${a} + (${b} - ${a}) * ${t})`;
  },
  RoundToBFloat16({ node, kernel, index, line }) {
    const x = line(kernel.at(node.inputs[0], index));
    const bits = line(`bitcast<u32>(${x})`);
    const rounded = `bitcast<f32>((${bits} + 0x7fffu + ((${bits} >> 16u) & 1u)) & 0xffff0000u)`;
    return `select(${rounded}, ${x}, is_nan(${x}))`;
  },
};

/** The elements of a step of Adam or AdamW. */
export interface AdamElements {
  readonly w: string;
  readonly g: string;
  readonly first: string;
  readonly second: string;
  readonly rate: string;
  readonly step: string;
}

/** The next parameter, first and second mean. */
export function adamStep(
  call: PointwiseCall,
  { w, g: plain, first, second, rate, step }: AdamElements,
): string[] {
  const [beta1, beta2, epsilon, decay] = ['beta1', 'beta2', 'epsilon', 'weightDecay'].map((name) =>
    number(call, name),
  );
  const isDecoupled = call.node.attrs['decoupled'] === true;
  const g = isDecoupled || decay === 0 ? plain : call.line(`${plain} + ${float(decay)} * ${w}`);
  const m = call.line(`${first} + ${float(1 - beta1)} * (${g} - ${first})`);
  const v = call.line(`${float(beta2)} * ${second} + ${float(1 - beta2)} * ${g} * ${g}`);
  const scale = `(sqrt(${v}) / sqrt(${correction(call, beta2, step)}) + ${float(epsilon)})`;
  const kept = isDecoupled ? decayed(call, w, rate) : w;
  return [`(${kept} - (${rate} / ${correction(call, beta1, step)} * ${m}) / ${scale})`, m, v];
}
