// What the binary exports. Addresses and sizes in, results in memory; nothing is allocated.
export * from './elementwise';
export * from './layout';
export * from './matmul';
export * from './reductions';
