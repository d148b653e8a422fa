// Says in a line of JSON which GPU there is, or why there is none: a process of its own, as Vulkan reads the environment once.
import { GpuError, openGpu } from '@llm101/webgpu';

try {
  const gpu = await openGpu();
  const { description: adapter } = gpu;
  say({ adapter, isSoftware: /swiftshader|llvmpipe|lavapipe/i.test(adapter) });
} catch (error) {
  if (!(error instanceof GpuError)) throw error;
  say({ problem: error.message });
}
process.exit(0);

/** @param {object} message */
function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
