import { join, normalize, parse, sep } from 'node:path';

/** Where the files and folders of a run are. */
export interface RunFolder {
  readonly path: string;
  readonly config: string;
  readonly metrics: string;
  readonly samples: string;
  readonly statistics: string;
  readonly checkpoints: string;
  readonly model: string;
  readonly fingerprint: string;
  readonly report: string;
  /** When, by which command, on which machine and from which commit. */
  readonly origin: string;
  /** The tokens of a long text. */
  readonly tokens: string;
  /** What made them, or the tokenizer that was read from a file. */
  readonly tokenizer: string;
  /** The model that the run began with, if any. */
  readonly initial: string;
}

/** The paths of a run's files; nothing is read or written. Whatever is written of the path, it ends without a separator. */
export function runFolder(written: string): RunFolder {
  const path = withoutEnd(normalize(written));
  return {
    path,
    config: join(path, 'config.json'),
    metrics: join(path, 'metrics.jsonl'),
    samples: join(path, 'samples.jsonl'),
    statistics: join(path, 'statistics.jsonl'),
    checkpoints: join(path, 'checkpoints'),
    model: join(path, 'model.safetensors'),
    fingerprint: join(path, 'fingerprint.json'),
    report: join(path, 'report.html'),
    origin: join(path, 'origin.json'),
    tokens: join(path, 'text.tokens'),
    tokenizer: join(path, 'tokenizer.json'),
    initial: join(path, 'initial.safetensors'),
  };
}

function withoutEnd(path: string): string {
  return path.endsWith(sep) && path !== parse(path).root ? path.slice(0, -1) : path;
}
