/** What the backend runs on; `startBackend` returns it. */
export interface BackendInfo {
  /** As tfjs' `getBackend` has it. */
  readonly name: 'wasm';
  /** Always: the backend does not start without. */
  readonly simd: true;
  /** Always one. */
  readonly threads: 1;
  /** The version of tfjs-core and of the backend, which are the same. */
  readonly tfjsVersion: string;
  /** All of it in one line, `wasm, SIMD, 1 thread, tfjs 4.22.0`. */
  readonly description: string;
}
