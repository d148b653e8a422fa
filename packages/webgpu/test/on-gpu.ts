import { startBackend } from '@llm101/wasm';
import { useSoftwareGpu } from '@tools/browsers/software-gpu';
import { openGpu, type Gpu } from '../src/index.js';

/** Why there is no GPU here that tests can have; undefined where there is one. */
const whyNone = useSoftwareGpu()
  ? undefined
  : 'tests on a GPU need Chromium and libvulkan1: npm run install-gpu -w @tools/browsers';
if (whyNone !== undefined) process.stderr.write(`${whyNone}\n`);

/** Whether tests have none. */
export const hasNone = whyNone !== undefined;

let opened: Promise<Gpu> | undefined;

/** The GPU of this file's tests. */
export const sharedGpu = (): Promise<Gpu> => (opened ??= startBackend().then(() => openGpu()));
