export { parseMetrics, parseSamples, parseStatistics } from './parse-lines.js';
export { parseModel } from './parse-model.js';
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
