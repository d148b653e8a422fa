/** The kernels' binary with relaxed SIMD, which not every engine has; deflated, as base64. */
export declare const binary: string;
