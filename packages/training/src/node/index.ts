export { csvFile } from './csv-file.js';
export type { ResumedLogOptions } from './log-file.js';
export { fileStore } from './file-store.js';
export { metricsFile } from './metrics-file.js';
export { progressBar, type ProgressBarOptions, type ProgressStream } from './progress-bar.js';
export { samplesFile } from './samples-file.js';
export { statisticsFile } from './statistics-file.js';
export { tensorboardFile, type TensorboardFileOptions } from './tensorboard/tensorboard-file.js';
/** Runs on a server of Weights & Biases, in the way of its Python client. */
export * as wandb from './wandb/index.js';
