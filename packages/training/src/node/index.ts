export { fileStore } from './file-store.js';
export { metricsFile } from './metrics-file.js';
export { progressBar, type ProgressBarOptions, type ProgressStream } from './progress-bar.js';
