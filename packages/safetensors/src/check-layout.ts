import { SafetensorsError } from './safetensors-error.js';
import { show } from './show.js';
import type { TensorInfo } from './tensor-info.js';

/**
 * Checks that the tensors lie one after the other from `dataStart` on, without a hole and without overlap.
 *
 * @returns the length that the whole file must have, in bytes
 * @throws SafetensorsError naming the first tensor that lies elsewhere
 */
export function checkLayout(
  tensors: readonly (readonly [string, TensorInfo])[],
  dataStart: number,
): number {
  const inFileOrder = [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let expected = dataStart;
  for (const [name, { begin, end }] of inFileOrder) {
    if (begin !== expected) {
      const fault = begin < expected ? 'overlap' : 'leave a hole';
      throw new SafetensorsError(
        `tensor ${show(name)} begins at byte ${begin} but the data before it ends at byte ${expected}; tensors must not ${fault}, write the file again`,
      );
    }
    expected = end;
  }
  return expected;
}
