import { readFileSync } from 'node:fs';
import { version_core as tfjs } from '@tensorflow/tfjs-core';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

/** What a run was made with. */
export const versions = { llm101: manifest.version, node: process.versions.node, tfjs } as const;
