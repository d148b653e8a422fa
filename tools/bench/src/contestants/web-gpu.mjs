/** Times on the GPU as they are, not in steps of 100 µs. */
const FLAGS = ['disable-dawn-features=timestamp_quantization'];

/**
 * WebGPU as a page has it: `navigator.gpu`, and its interfaces by their names.
 *
 * @returns {Promise<GPU>} which `navigator` keeps, as the native part is freed with it
 */
export async function provideWebGpu() {
  const { create, globals } = await import('webgpu'); // native code, for those alone that ask for it
  Object.assign(globalThis, globals);
  const gpu = create(FLAGS);
  /** @type {{ navigator?: object }} */
  const scope = globalThis;
  scope.navigator ??= { userAgent: `Node.js/${process.versions.node}` }; // Node 20 has none
  Object.defineProperty(scope.navigator, 'gpu', { value: gpu });
  return gpu;
}

/**
 * The name of what a device computes on.
 *
 * @param {GPUAdapterInfo | undefined} info
 */
export const nameOf = (info) =>
  [info?.description, info?.device, info?.architecture, info?.vendor].find(Boolean) ?? 'a GPU';
