import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { licencesOf } from '../src/licences-of.mjs';

let root = '';
const write = (path: string, text: string): string => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  return join(root, path);
};
const manifest = (name: string, license: string): string =>
  write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.2.3', license }));

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'licences-'));
});
afterAll(() => rmSync(root, { recursive: true }));

const header = (year: number): string =>
  `/**\n * @license\n * Copyright ${year} Someone.\n * Licensed as is.\n * =====\n */\n`;

describe('licencesOf', () => {
  it('takes licence files, else comments, else the README, and leaves one’s own code out', () => {
    manifest('zeta', 'MIT');
    write('node_modules/zeta/LICENSE', 'MIT of zeta\n');
    manifest('@scope/alpha', 'Apache-2.0');
    manifest('midway', 'ISC');
    write('node_modules/midway/README.md', '# Midway\n\nTurns.\n\nLICENSE (ISC)\n---\n\nUse it.\n');
    const text = licencesOf([
      write('node_modules/zeta/index.js', ''),
      write('node_modules/@scope/alpha/a.js', `${header(2018)}export {};`),
      write('node_modules/@scope/alpha/b.js', `${header(2018)}${header(2020)}`),
      write('node_modules/midway/index.js', ''),
      write('src/own.js', header(1999)),
      '\0virtual',
    ]);
    const line = '-'.repeat(80);
    expect(text).toBe(
      [
        '@scope/alpha 1.2.3, Apache-2.0',
        '',
        'Copyright 2018 Someone.\nLicensed as is.',
        '',
        'Copyright 2020 Someone.\nLicensed as is.',
        '',
        line,
        '',
        'midway 1.2.3, ISC\n\nLICENSE (ISC)\n---\n\nUse it.',
        '',
        line,
        '',
        'zeta 1.2.3, MIT\n\nMIT of zeta\n',
      ].join('\n'),
    );
  });
  it('says so where a package has no more than a name for it', () => {
    manifest('brief', 'MIT');
    expect(licencesOf([write('node_modules/brief/index.js', '')])).toBe(
      'brief 1.2.3, MIT\n\nThe package names its licence and brings no text of it; see npm.\n',
    );
  });
  it('refuses a package that says nothing', () => {
    write('node_modules/silent/package.json', '{ "name": "silent", "version": "1.0.0" }');
    expect(() => licencesOf([write('node_modules/silent/index.js', '')])).toThrow(
      /^licences: silent must name its licence in package.json; /,
    );
  });
});
