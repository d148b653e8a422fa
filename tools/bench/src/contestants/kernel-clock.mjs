const FEATURE = 'timestamp-query';

/** Passes of a step whose times fit. */
const PASSES = 32;

/** Bytes of a time. */
const TIME = 8;

/**
 * A GPU whose device can tell the time, where its adapter can.
 *
 * @param {GPU} gpu
 * @returns {GPU}
 */
export function withTimestamps(gpu) {
  return new Proxy(gpu, {
    get(target, key) {
      if (key !== 'requestAdapter') return Reflect.get(target, key, target);
      return async (/** @type {GPURequestAdapterOptions} */ options) => {
        const adapter = await target.requestAdapter(options);
        return adapter?.features.has(FEATURE) === true ? asking(adapter) : adapter;
      };
    },
  });
}

/** @param {GPUAdapter} adapter */
function asking(adapter) {
  const requestDevice = adapter.requestDevice.bind(adapter);
  adapter.requestDevice = (descriptor) =>
    requestDevice({ ...descriptor, requiredFeatures: [FEATURE] });
  return adapter;
}

/** How long the kernels of a step take by the GPU's own clock: from the begin of its first pass to the end of its last. */
export class KernelClock {
  #device;
  #parts;
  #passes = 0;

  /** @param {GPUDevice} device */
  constructor(device) {
    this.#device = device;
    this.#parts = device.features.has(FEATURE) ? makeParts(device) : undefined;
  }

  /**
   * @template Result
   * @param {() => Result} submit - encodes and submits one step before it returns
   * @returns {Result}
   */
  watch(submit) {
    const device = this.#device;
    const parts = this.#parts;
    this.#passes = 0;
    if (parts === undefined) return submit();
    const createCommandEncoder = device.createCommandEncoder.bind(device);
    device.createCommandEncoder = (descriptor) => {
      const encoder = createCommandEncoder(descriptor);
      const beginComputePass = encoder.beginComputePass.bind(encoder);
      encoder.beginComputePass = (pass) => {
        if (this.#passes === PASSES) return beginComputePass(pass);
        const first = 2 * this.#passes++;
        const timestampWrites = {
          querySet: parts.times,
          beginningOfPassWriteIndex: first,
          endOfPassWriteIndex: first + 1,
        };
        return beginComputePass({ ...pass, timestampWrites });
      };
      return encoder;
    };
    try {
      return submit();
    } finally {
      Reflect.deleteProperty(device, 'createCommandEncoder');
    }
  }

  /** @returns {Promise<number | undefined>} of the step that was watched last, once it is done; undefined where the GPU has no clock */
  async milliseconds() {
    if (this.#parts === undefined || this.#passes === 0) return undefined;
    const { times, resolved, staging } = this.#parts;
    const count = 2 * this.#passes;
    const encoder = this.#device.createCommandEncoder();
    encoder.resolveQuerySet(times, 0, count, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, count * TIME);
    this.#device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ, 0, count * TIME);
    const read = new BigUint64Array(staging.getMappedRange(0, count * TIME)).slice();
    staging.unmap();
    return Number(read[count - 1] - read[0]) / 1e6; // nanoseconds
  }

  dispose() {
    this.#parts?.times.destroy();
    this.#parts?.resolved.destroy();
    this.#parts?.staging.destroy();
  }
}

/** @param {GPUDevice} device */
function makeParts(device) {
  const size = 2 * PASSES * TIME;
  return {
    times: device.createQuerySet({ type: 'timestamp', count: 2 * PASSES }),
    resolved: device.createBuffer({
      size,
      usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    }),
    staging: device.createBuffer({
      size,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    }),
  };
}
