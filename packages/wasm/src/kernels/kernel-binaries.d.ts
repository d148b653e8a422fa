/** The binaries as base64; `scripts/build-kernels.mjs` makes the module. */
export declare const simd: string;
/** With relaxed SIMD, which not every engine has. */
export declare const relaxed: string;
