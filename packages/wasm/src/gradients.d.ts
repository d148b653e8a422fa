import type { GradConfig } from '@tensorflow/tfjs-core';

/** The gradients of tfjs-core; `scripts/bundle-gradients.mjs` makes the module. */
export declare const gradients: readonly GradConfig[];
