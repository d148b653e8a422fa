import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { publicPackages, releaseCommands } from '../src/release.mjs';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const workflow = read('.github/workflows/release.yml');

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly permissions?: Readonly<Record<string, string>>;
        readonly steps: readonly {
          readonly run?: string;
          readonly uses?: string;
          readonly with?: Readonly<Record<string, unknown>>;
        }[];
      }
    >
  >;
}

const names = readdirSync(new URL('.github/workflows', root));

describe.each(names)('%s', (name) => {
  const text = read(`.github/workflows/${name}`);
  it('uses actions by the hash of a commit, with its version beside it', () => {
    const uses = text.split('\n').filter((line) => /^\s*(?:- )?uses:/.test(line));
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
  it('gives no job more rights than its work needs', () => {
    const { permissions, jobs } = parse(text) as Workflow;
    expect(Object.values(permissions).filter((right) => right === 'write')).toEqual([]);
    for (const { permissions: own = {}, steps } of Object.values(jobs)) {
      const writes = Object.values(own).includes('write');
      const installs = steps.flatMap(({ run }) => (run?.startsWith('npm ci') ? [run] : []));
      const risky = installs.filter((run) => writes && run !== 'npm ci --ignore-scripts');
      expect(risky).toEqual([]);
      expect(own['contents'] === 'write' && own['id-token'] === 'write').toBe(false);
    }
  });
});

describe('the release workflow', () => {
  it('runs two scripts of the root’s package.json', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const { version, publish } = releaseCommands(workflow);
    expect([version, publish]).toEqual(['npm run release:version', 'npm run release:publish']);
    expect(scripts['release:version']).toContain('changeset version');
    expect(scripts['release:publish']).toContain('changeset publish');
  });
  it('takes its Node from one of the versions that are tested', () => {
    const { jobs } = parse(workflow) as Workflow;
    const versions = Object.values(jobs).flatMap(({ steps }) =>
      steps.flatMap((step) => step.with?.['node-version'] ?? []),
    );
    expect(versions).toEqual([24, 24, 24, 24]);
  });
  it.each([
    [workflow.replace("NPM_CONFIG_PROVENANCE: 'true'", ''), 'with provenance'],
    [workflow.replace('id-token: write', 'id-token: none'), 'with provenance'],
    [workflow.replace('npm run release:publish', 'true'), 'a step must publish; found none'],
    ['jobs: {}', 'a step must publish; found none'],
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
