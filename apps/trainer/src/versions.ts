import { readFileSync } from 'node:fs';
import { version_core as tfjs } from '@tensorflow/tfjs-core';
import { readObject } from './terminal/config-file.js';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

/** The versions that a run is made with. */
export const versions = { llm101: manifest.version, node: process.versions.node, tfjs } as const;

/** In which versions this program differs from the one that wrote a config.json, a line each. */
export function describeVersions(config: string): string[] {
  const before: Readonly<Record<string, unknown>> = {
    ...Object(readObject(config, 'take it from a copy')['versions']),
  };
  return Object.entries(versions)
    .filter(([name, version]) => before[name] !== version)
    .map(([name, version]) => `${name} was ${textOf(before[name])}, and is ${version}`);
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : 'unknown');
