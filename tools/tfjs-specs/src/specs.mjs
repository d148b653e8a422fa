/** What is bundled: the backend as `startBackend` makes it, and tfjs-core's specs, told to run on it. */
// oxlint-disable no-restricted-imports -- the specs are no part of the main entry, and bundle.mjs makes one copy of all
import './environment.mjs';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import '@tensorflow/tfjs-core/dist/tests.js';

export { startBackend } from '@llm101/wasm';
