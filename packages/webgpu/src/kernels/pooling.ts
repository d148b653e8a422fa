import { sizeOf, type GraphNode, type Value } from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import type { Kernel, KernelContext } from '../wgsl/kernel.js';
import { given } from '../pointwise/activations.js';
import { eachElement, meeting, poolWindows, windowAt, type Windows } from './windows.js';

/** Statements for each place of a window that lies within the image, at `at`, of the window at `oh` and `ow` and the filter's place `f`. */
function eachPlace(windows: Windows, statements: string): string {
  const { image, filter, channels } = windows;
  return `for (var f = 0u; f < ${filter[0] * filter[1]}u; f++) {
let y = ${meeting(windows, 0, 'oh', `(f / ${filter[1]}u)`)};
let x = ${meeting(windows, 1, 'ow', `(f % ${filter[1]}u)`)};
if (y < ${image[0]}u && x < ${image[1]}u) {
let at = ((b * ${image[0]}u + y) * ${image[1]}u + x) * ${channels}u + c;
${statements}
}
}`;
}

/** Declares which place of a window has its largest value, and where that lies: the first of equal ones, and NaN only where there is no number. */
function declareLargest(kernel: Kernel, windows: Windows, image: Value): void {
  const places = windows.filter[0] * windows.filter[1];
  kernel.declare(`struct Largest { f: u32, at: u32, value: f32 }
fn largest(b: u32, oh: u32, ow: u32, c: u32) -> Largest {
var found = Largest(${places}u, 0u, -infinity());
${eachPlace(
  windows,
  `let value = ${kernel.at(image, 'at')};
if (found.f == ${places}u || value > found.value || (is_nan(found.value) && !is_nan(value))) { found = Largest(f, at, value); }`,
)}
return found;
}`);
}

/** `MaxPool`, and `MaxPoolWithArgmax`: the largest value of each window, and where it is. */
export function maxPool(node: GraphNode, context: KernelContext): Dispatch[] {
  const x = given(node, 'x');
  const [out, places] = node.outputs;
  const windows = poolWindows(node, x, out);
  return eachElement(node, context, out, (kernel) => {
    declareLargest(kernel, windows, x);
    const ofOne = sizeOf({ shape: x.shape.slice(1) });
    const whole = node.attrs['includeBatchInIndex'] === true;
    const at = `i32(found.at${whole ? '' : ` - b * ${ofOne}u`})`;
    const none = windows.filter[0] * windows.filter[1];
    const stores = [kernel.store(out, 'i', 'found.value')];
    if (places !== undefined)
      stores.push(kernel.store(places, 'i', `select(${at}, -1i, found.f == ${none}u)`));
    return `let found = largest(b, h, w, c);\n${stores.join('\n')}`;
  });
}

/** Its gradient: an element has those of the windows whose largest it is. */
export function maxPoolGradient(node: GraphNode, context: KernelContext): Dispatch[] {
  const [dy, x] = ['dy', 'input'].map((name) => given(node, name));
  const windows = poolWindows(node, x, dy);
  return eachElement(node, context, x, (kernel) => {
    declareLargest(kernel, windows, x);
    return eachWindow(windows, (kernelAt) => {
      const slope = kernel.at(dy, kernelAt);
      return `if (largest(b, oh, ow, c).f == f) { sum += ${slope}; }`;
    }).concat(kernel.store(node.outputs[0], 'i', 'sum'));
  });
}

/** `AvgPool`: the mean of what of each window lies within the image. */
export function averagePool(node: GraphNode, context: KernelContext): Dispatch[] {
  const x = given(node, 'x');
  const [out] = node.outputs;
  const windows = poolWindows(node, x, out);
  return eachElement(
    node,
    context,
    out,
    (kernel) => `let oh = h;
let ow = w;
var sum = 0.0f;
var count = 0.0f;
${eachPlace(windows, `sum += ${kernel.at(x, 'at')};\ncount += 1.0f;`)}
${kernel.store(out, 'i', 'sum / count')}`,
  );
}

/** Its gradient: each window's is shared by its elements. */
export function averagePoolGradient(node: GraphNode, context: KernelContext): Dispatch[] {
  const [dy, x] = ['dy', 'input'].map((name) => given(node, name));
  const windows = poolWindows(node, x, dy);
  return eachElement(node, context, x, (kernel) => {
    const [height, width] = ([0, 1] as const).map((axis) => {
      const first = `(i32(${axis === 0 ? 'oh' : 'ow'}) * ${windows.strides[axis]}i - ${windows.before[axis]}i)`;
      return `(min(${first} + ${windows.filter[axis]}i, ${windows.image[axis]}i) - max(${first}, 0i))`;
    });
    return eachWindow(
      windows,
      (at) => `sum += ${kernel.at(dy, at)} / f32(${height} * ${width});`,
    ).concat(kernel.store(node.outputs[0], 'i', 'sum'));
  });
}

/** Statements for each window that has the element at `b`, `h`, `w` and `c`, in their order: at `oh` and `ow`, its place `f` there. */
function eachWindow(windows: Windows, statements: (at: string) => string): string {
  const { filter, out, channels } = windows;
  const [rows, columns] = [
    windowAt(windows, 0, 'h', `(f / ${filter[1]}u)`),
    windowAt(windows, 1, 'w', `(f % ${filter[1]}u)`),
  ];
  return `var sum = 0.0f;
for (var n = ${filter[0] * filter[1]}u; n > 0u; n--) {
let f = n - 1u;
if (${rows.meets} && ${columns.meets}) {
let oh = ${rows.window};
let ow = ${columns.window};
${statements(`((b * ${out[0]}u + oh) * ${out[1]}u + ow) * ${channels}u + c`)}
}
}
`;
}
