/** What tfjs says where the current backend lacks a kernel or a gradient, or where there is none. */
const LACKS =
  /^Kernel '.+' not registered for backend|^Cannot compute gradient: gradient function not found|^No backend found/;

const HINT =
  'await startBackend() of @llm101/wasm before training: its backend has every kernel and gradient that these models need';

/**
 * Does work on tensors; where the backend lacks what it takes, the error says which backend has it.
 *
 * @throws what `work` throws
 */
export function withBackendHint<R>(work: () => R): R {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error) || !LACKS.test(error.message)) throw error;
    if (error.message.endsWith(HINT)) throw error; // work within this one has said so
    throw new Error(`${error.message.replace(/\.$/, '')}; ${HINT}`, { cause: error });
  }
}
