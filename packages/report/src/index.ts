export { naturalOrder } from './compare/natural-order.js';
export { importanceOfSettings } from './compare/importance.js';
export type { Importance, ImportanceOptions } from './compare/importance.js';
export type { Objective } from './compare/measure.js';
export { tableOfRuns } from './compare/run-table.js';
export type { ComparedRun, RunRow, RunTable, RunTableOptions } from './compare/run-table.js';
export { RunFileError } from './limits.js';
export { parseOrigin } from './parse-origin.js';
export { parseMetrics, parseModel, parseSamples, parseStatistics } from './parse-run.js';
export type { ChartSize, Point, ValueScale } from './charts.js';
export { curveChart, type Curve, type CurveChart } from './pictures/curve-chart.js';
export { embeddingMap, type EmbeddingMap } from './pictures/embedding-map.js';
export {
  attentionMaps,
  bigramMap,
  heatMap,
  type AttentionMaps,
  type BigramMap,
  type HeatMap,
} from './pictures/heat-map.js';
export {
  histogramChart,
  type Histogram,
  type HistogramChart,
  type NamedHistogram,
} from './pictures/histogram.js';
export { logLogChart, type LogLogChart, type LogLogSeries } from './pictures/log-log-chart.js';
export { principalComponents, type PrincipalComponents } from './principal-components.js';
export { renderReport, type RenderReportOptions } from './render-report.js';
export type {
  Embedding,
  GitState,
  Machine,
  MetricsRow,
  ModelData,
  ParameterNorms,
  RunData,
  RunOrigin,
  RunResult,
  Samples,
  Session,
  Statistics,
} from './run-data.js';
export { renderScalingReport, scalingPictures } from './scaling/render-scaling-report.js';
export type {
  BestSize,
  Figures,
  LawNumbers,
  LineNumbers,
  ScalingReport,
  ScalingRun,
} from './scaling/scaling-report.js';
