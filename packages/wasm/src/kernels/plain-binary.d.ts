/** The kernels' binary, deflated, as base64; `scripts/build-kernels.mjs` makes the module. */
export declare const binary: string;
