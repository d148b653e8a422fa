// What the binary exports. Addresses and sizes in, results in memory; nothing is allocated.
export * from './binary';
export * from './broadcast';
export * from './descend';
export * from './layout';
export * from './matmul';
export * from './reductions';
export * from './unary';
