import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  parseMetrics,
  parseModel,
  parseObject,
  parseSamples,
  parseStatistics,
} from '../parse-run.js';
import type { ModelData, RunData } from '../run-data.js';

/**
 * Reads the folder of a run, as written by `llm101 train`. Missing files and truncated lines are left out.
 *
 * @throws Error when a file exists and can't be read
 */
export function readRun(folder: string): RunData {
  return {
    name: folder,
    config: parseObject(textOf(join(folder, 'config.json'))) ?? {},
    metrics: parseMetrics(textOf(join(folder, 'metrics.jsonl'))),
    samples: parseSamples(textOf(join(folder, 'samples.jsonl'))),
    statistics: parseStatistics(textOf(join(folder, 'statistics.jsonl'))),
    model: modelOf(join(folder, 'model.safetensors')),
  };
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function modelOf(path: string): ModelData | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return parseModel(new Uint8Array(readFileSync(path)));
  } catch {
    return undefined; // a damaged model is no reason to show nothing of its run
  }
}
