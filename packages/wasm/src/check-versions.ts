/** @throws Error unless tfjs-core and its wasm backend are of one version, as tfjs requires */
export function checkVersions(core: string, backend: string): void {
  if (core === backend) return;
  throw new Error(
    `startBackend: @tensorflow/tfjs-core and @tensorflow/tfjs-backend-wasm must be of one version; ` +
      `got ${core} and ${backend}; install the same version of both`,
  );
}
