// JSON from elsewhere.
import { expect, it } from 'vitest';
import { JsonError, parseJson } from '../src/index.js';

it.each([
  'null',
  '1',
  '"a\\"b"',
  '[1,[2,{}]]',
  ' {"a" : {"a":1}, "b":[{"a":2}]} ',
  '{"__proto__":1}',
])('reads %s as JSON.parse does', (text) => expect(parseJson(text)).toEqual(JSON.parse(text)));

it.each<[string, string]>([
  ['', 'config.json is not JSON ('],
  ['{"a":1', 'config.json is not JSON ('],
  ['{"a":1} x', 'config.json is not JSON ('],
  ['"\\', 'config.json is not JSON ('],
  [']', 'config.json is not JSON ('],
  ['{"a":1,"\\u0061":2}', 'config.json holds the key "a" twice in one object'],
  [`[${'['.repeat(3)}`, 'config.json nests deeper than 3 levels'],
  ['[1,2,3,4,5]', 'config.json holds more than 5 values'],
  [`{"${'k'.repeat(100)}":1,"${'k'.repeat(100)}":1}`, `holds the key "${'k'.repeat(80)}…" twice`],
])('refuses %s', (text, message) => {
  const limits = { where: 'config.json', depth: 3, values: 5 };
  expect(() => parseJson(text, limits)).toThrow(JsonError);
  expect(() => parseJson(text, limits)).toThrow(message);
});

it('stops at a limit, however long the text is', () => {
  expect(() => parseJson('['.repeat(100_000_000))).toThrow('the text nests deeper than 32 levels');
  expect(() => parseJson(`[${'[],'.repeat(10_000_000)}`)).toThrow('holds more than 1000000 values');
});
