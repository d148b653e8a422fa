import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { publicPackages, releaseCommands } from '../src/release.mjs';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const workflow = read('.github/workflows/release.yml');

describe('the release workflow', () => {
  it('runs two scripts of the root’s package.json', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const { version, publish } = releaseCommands(workflow);
    expect([version, publish]).toEqual(['npm run release:version', 'npm run release:publish']);
    expect(scripts['release:version']).toContain('changeset version');
    expect(scripts['release:publish']).toContain('changeset publish');
  });
  it('takes its Node from one of the versions that are tested', () => {
    const { jobs } = parse(workflow) as {
      jobs: { release: { steps: { with?: { 'node-version'?: number } }[] } };
    };
    const versions = jobs.release.steps.flatMap((step) => step.with?.['node-version'] ?? []);
    expect(versions).toEqual([24]);
  });
  it.each([
    [workflow.replace("NPM_CONFIG_PROVENANCE: 'true'", ''), 'with provenance'],
    [workflow.replace('id-token: write', 'id-token: none'), 'with provenance'],
    [workflow.replace('publish: npm run release:publish', ''), 'version and publish; found none'],
    ['jobs: {}', 'version and publish; found none'],
  ])('is refused where something is missing', (text, message) => {
    expect(() => releaseCommands(text)).toThrow(message);
  });
});

it('the packages that are published share a version, and have a changelog in their tarball', () => {
  const packages = publicPackages(root.pathname);
  expect(packages.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      '@llm101/data',
      '@llm101/models',
      '@llm101/training',
      '@llm101/trainer',
    ]),
  );
  expect(new Set(packages.map(({ version }) => version)).size).toBe(1);
  for (const { name } of packages) {
    const short = name.replace('@llm101/', '');
    const folder = short === 'trainer' ? 'apps' : 'packages';
    const { files } = JSON.parse(read(`${folder}/${short}/package.json`)) as { files: string[] };
    expect(files, name).toContain('CHANGELOG.md');
  }
});
