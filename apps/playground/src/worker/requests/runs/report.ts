import {
  parseMetrics,
  parseModel,
  parseSamples,
  parseStatistics,
  renderReport,
} from '@llm101/report';
import { type Run, type RunLogs, weightsSha256 } from '@llm101/runs';

/** The page that `llm101 report` makes of a run. */
export async function report(
  run: Run,
  { metrics, samples, statistics }: RunLogs,
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const html = await renderReport([
    {
      name,
      config: { ...run.settings },
      metrics: parseMetrics(metrics),
      samples: parseSamples(samples),
      statistics: parseStatistics(statistics),
      model: parseModel(run.save()),
      weightsSha256: weightsSha256(run.model),
    },
  ]);
  return new TextEncoder().encode(html);
}
