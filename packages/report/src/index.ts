export { RunFileError } from './limits.js';
export { parseMetrics, parseModel, parseSamples, parseStatistics } from './parse-run.js';
export { principalComponents, type PrincipalComponents } from './principal-components.js';
export { renderReport } from './render-report.js';
export type {
  Embedding,
  MetricsRow,
  ModelData,
  ParameterNorms,
  RunData,
  Samples,
  Statistics,
} from './run-data.js';
