import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const plugin = fileURLToPath(new URL('../src/plugin.mjs', import.meta.url));
const typedoc = join(dirname(createRequire(import.meta.url).resolve('typedoc')), '../bin/typedoc');
const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));

let root = '';
const write = (path: string, content: string | object): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
};
const build = (): { status: number | null; output: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [typedoc], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { status, output: stdout + stderr };
};

/** A workspace with two packages of one name each, and a page. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'docs-'));
  symlinkSync(modules, join(root, 'node_modules'));
  write('typedoc.json', {
    name: 'Whole',
    plugin: [plugin],
    entryPointStrategy: 'packages',
    entryPoints: ['packages/*'],
    packageOptions: {
      displayBasePath: '../..',
      disableGit: true,
      sourceLinkTemplate: 'https://x.org/{path}',
    },
    disableGit: true,
    sourceLinkTemplate: 'https://x.org/{path}',
    projectDocuments: ['docs/*.md'],
    navigation: { includeGroups: true },
    headings: { document: true },
    out: 'site',
    validation: { notDocumented: true, invalidPath: true, invalidLink: true },
    treatWarningsAsErrors: true,
    treatValidationWarningsAsErrors: true,
  });
  write('package.json', { name: 'whole', version: '1.0.0' });
  write('README.md', '# Whole\n\n[the package](packages/p), [its code](packages/p/src/two.ts)\n');
  for (const name of ['p', 'q']) {
    const exports = { '.': './src/index.ts' };
    write(`packages/${name}/package.json`, { name: `@llm101/${name}`, type: 'module', exports });
    write(`packages/${name}/typedoc.json`, { entryPoints: ['src/index.ts'] });
    const compilerOptions = { module: 'nodenext', types: [] };
    write(`packages/${name}/tsconfig.json`, { compilerOptions, include: ['src'] });
    write(`packages/${name}/src/index.ts`, '/** Two. */\nexport const two = 2;\n');
  }
  write('packages/p/src/two.ts', 'export const two = 2;\n');
  write('packages/p/README.md', '# P\n\nSee [shapes](../../docs/shapes.md#letters).\n');
  write('docs/shapes.md', '# All `shapes`\n\n## Letters\n\n[p](../packages/p)\n');
});
afterEach(() => rmSync(root, { recursive: true }));

describe('the site', () => {
  it('names pages by their headings and leads links to pages and to GitHub', () => {
    const { status, output } = build();
    expect(output).not.toMatch(/warning|error/);
    expect(status).toBe(0);
    const front = readFileSync(join(root, 'site/index.html'), 'utf8');
    expect(front).toContain('<a href="modules/_llm101_p.html">the package</a>');
    expect(front).toMatch(
      /href="https:\/\/github\.com\/[^"]*\/blob\/main\/packages\/p\/src\/two\.ts"/,
    );
    const name = readFileSync(join(root, 'site/variables/_llm101_p.two.html'), 'utf8');
    expect(name).toMatch(
      /Defined in <a href="https:\/\/github\.com\/[^"]*\/blob\/main\/packages\/p\/src\/index\.ts#L2">/,
    );
    const page = readFileSync(join(root, 'site/documents/All_shapes.html'), 'utf8');
    expect(page).toContain('<h1>All shapes');
    expect(page).toContain('href="../modules/_llm101_p.html"');
  });
  it('names the entries of a package as one imports them', () => {
    const exports = {
      '.': './src/index.ts',
      './node': { '@llm101/source': './src/node/index.ts' },
    };
    write('packages/q/package.json', { name: '@llm101/q', type: 'module', exports });
    write('packages/q/typedoc.json', { entryPoints: ['src/index.ts', 'src/node/index.ts'] });
    write('packages/q/src/node/index.ts', '/** Three. */\nexport const three = 3;\n');
    const { status, output } = build();
    expect(output).not.toMatch(/warning|error/);
    expect(status).toBe(0);
    const names = readdirSync(join(root, 'site/modules')).toSorted();
    const titles = names.map((name) => {
      const page = readFileSync(join(root, 'site/modules', name), 'utf8');
      return /<title>(.*?) \|/.exec(page)?.[1];
    });
    expect(new Set(titles)).toEqual(new Set(['@llm101/p', '@llm101/q', '@llm101/q/node']));
  });
  it('fails where a name has no docstring', () => {
    write('packages/p/src/index.ts', 'export const two = 2;\n');
    const { status, output } = build();
    expect(status).not.toBe(0);
    expect(output).toMatch(/two \(Variable\).* does not have any documentation/);
  });
  it('fails where links lead nowhere', () => {
    write('docs/shapes.md', '# Shapes\n\n[gone](../packages/gone), [bad](https://nowhere)\n');
    const { status, output } = build();
    expect(status).not.toBe(0);
    expect(output).toContain('The relative path ../packages/gone is not a file');
    expect(output).toContain(
      'docs/shapes.md: a link must lead to an address; https://nowhere is none',
    );
  });
});
