/**
 * Times of one kernel with some sizes.
 *
 * @typedef {object} KernelTimes
 * @property {string} kernel
 * @property {string} sizes - the arguments that are no addresses
 * @property {number} calls
 * @property {number} milliseconds
 */

/** What is below is taken for a size, what is above for an address. */
const LEAST_ADDRESS = 1 << 18;

/**
 * Puts a clock around every function of the WebAssembly modules that are instantiated from now on by `new
 * WebAssembly.Instance`, as the kernels of `@llm101/wasm` are and those of tfjs are not.
 */
export function timeKernels() {
  /** @type {Map<string, KernelTimes>} */
  const known = new Map();
  const { Instance } = WebAssembly;
  /** @type {(kernel: string, call: Function) => (...args: number[]) => unknown} */
  const timed =
    (kernel, call) =>
    (...args) => {
      const begin = performance.now();
      const result = call(...args);
      const milliseconds = performance.now() - begin;
      const sizes = args.filter((arg) => arg > 0 && arg < LEAST_ADDRESS).join(' ');
      const key = `${kernel} ${sizes}`;
      const times = known.get(key) ?? { kernel, sizes, calls: 0, milliseconds: 0 };
      known.set(key, times);
      times.calls += 1;
      times.milliseconds += milliseconds;
      return result;
    };
  /** @type {(module: WebAssembly.Module, imports: WebAssembly.Imports) => object} */
  const instantiate = (module, imports) => {
    const entries = Object.entries(new Instance(module, imports).exports).map(([name, value]) => {
      return [name, typeof value === 'function' ? timed(name, value) : value];
    });
    return { exports: Object.fromEntries(entries) };
  };
  // A constructor that returns an object gives that.
  WebAssembly.Instance = new Proxy(Instance, {
    construct: (_, [module, imports]) => instantiate(module, imports),
  });
  const all = () => [...known.values()];
  return {
    clear: () => known.clear(),
    total: () => all().reduce((sum, { milliseconds }) => sum + milliseconds, 0),
    /** The longest first. */
    rows: () => all().sort((a, b) => b.milliseconds - a.milliseconds),
  };
}
