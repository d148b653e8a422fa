/** Has to be loaded before the specs, which ask while they load where they are to run. */
// oxlint-disable-next-line no-restricted-imports -- as in specs.mjs
import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util.js';

setTestEnvs([{ name: 'wasm', backendName: 'wasm', isDataSync: true }]);
