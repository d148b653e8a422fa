import { getKernelsForBackend, type TensorInfo } from '@tensorflow/tfjs-core';
import { outputTypes } from '../../src/compile/record/output-types.js';
import { isNumeric } from '../../src/kernels/tensor-type.js';
import type { Typed } from '../../src/ops/own-op.js';

/** Calls of kernels whose results are not what was said of them beforehand, and those of which nothing was said. */
export interface TypesWatch {
  readonly wrong: string[];
  readonly unsaid: Set<string>;
}

const describe = ({ dtype, shape }: Typed): string => `${dtype}[${shape.join()}]`;

/** Kernels that refuse some values of their inputs, which a compiled step does when it runs. */
const refusingValues = new Set(['GatherNd', 'GatherV2', 'ScatterNd']);

/** Compares what kernels return with what a step that is recorded takes it for, and refuses where they do. */
export function watchTypes(): TypesWatch {
  const watch: TypesWatch = { wrong: [], unsaid: new Set() };
  for (const config of getKernelsForBackend('wasm')) {
    const { kernelName, kernelFunc } = config;
    config.kernelFunc = (call) => {
      const said = outputTypes(kernelName, call.inputs, call.attrs ?? {});
      const given = Object.values(call.inputs).filter(
        (info): info is TensorInfo => info !== undefined && info !== null,
      );
      const what = `${kernelName} of ${given.map(describe).join(', ')} ${JSON.stringify(call.attrs ?? {})}`;
      let result: ReturnType<typeof kernelFunc>;
      try {
        result = kernelFunc(call);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        if (said !== undefined && !refusingValues.has(kernelName))
          watch.wrong.push(`${what}: the error ${message}`);
        throw error;
      }
      const made = [result].flat();
      if (said === undefined) {
        const isAlias = given.some(({ dataId }) => made.some((info) => info.dataId === dataId));
        const isNumbers = [...given, ...made].every(({ dtype }) => isNumeric(dtype));
        if (isNumbers && !isAlias) watch.unsaid.add(kernelName);
        return result;
      }
      const [expected, actual] = [[said].flat(), made].map((list: readonly Typed[]) =>
        list.map(describe).join(', '),
      );
      if (expected !== actual) watch.wrong.push(`${what}: ${actual}, not ${expected}`);
      if (Array.isArray(said) !== Array.isArray(result))
        watch.wrong.push(`${what}: a list or none`);
      if (made.some(({ dataId }) => given.some((info) => info.dataId === dataId))) {
        watch.wrong.push(`${what}: its input's memory`);
      }
      return result;
    };
  }
  return watch;
}
