import { toJson } from '../json.js';
import type { RunConfig, RunRecord } from '../spool/run-record.js';
import { version } from '../version.js';

/** A run's configuration with W&B's own entry: who writes it, since when, and on which machine. */
export function configWithClient({ config, startedAt, metadata }: RunRecord): RunConfig {
  const writer = metadata?.['writerId'];
  return {
    ...config,
    _wandb: {
      client: `@llm101/wandb ${version}`,
      node_version: process.versions.node,
      start_time: Date.parse(startedAt) / 1000,
      ...(typeof writer === 'string' && { e: { [writer]: metadata } }),
    },
  };
}

/** The same as W&B keeps it in config.yaml; JSON is a part of YAML. */
export function configYaml(record: RunRecord): string {
  return Object.entries(configWithClient(record))
    .map(([name, value]) => `${JSON.stringify(name)}:\n  value: ${toJson(value)}\n`)
    .join('');
}
