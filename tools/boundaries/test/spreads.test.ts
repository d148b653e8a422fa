import { describe, expect, it } from 'vitest';
import { findSpreads } from '../src/spreads.mjs';

describe('findSpreads', () => {
  it.each([
    'const most = Math.max(...losses);',
    'const most = Math.max(0, ...losses.map((loss) => -loss));',
    'rows.push(...more);',
    'const all = first.concat(...others);',
    'const text = String.fromCharCode(...bytes);',
    'const text = String.fromCharCode.apply(null, bytes);',
    'const most = Math.max.apply(undefined, losses);',
    'Reflect.apply(Math.max, undefined, losses);',
    'Reflect.construct(Array, losses);',
    'const copy = new Array(...losses);',
    'const copy = Array.of(...losses);',
    'fn.call(null, ...losses);',
    'maybe?.push(...more);',
    'rows.push(...(isLast ? more : []));',
    'rows.push(...[0, ...more]);',
    'rows.push(...(more as number[]));',
    'function add(more: number[]) { rows.push(...more); }',
    'function add(...more: number[]) { return (more: number[]) => rows.push(...more); }',
    'rows.push(...more); // bounded:',
  ])('refuses %s', (code) => {
    const [found, ...others] = findSpreads('a.ts', `// first\n${code}\n`);
    expect(others).toEqual([]);
    expect(found).toMatch(
      /^a\.ts:2: .* takes an array apart into arguments, .*; use a loop, or say/,
    );
  });

  it.each([
    'const all = [...losses, ...more];',
    'const all = { ...losses };',
    'for (const row of more) rows.push(row);',
    'rows.push(...[1, 2]);',
    'rows.push(...(isLast ? [1] : []));',
    'function call(...args: number[]) { return fn(...args); }',
    'const call = (...args: number[]) => () => fn(...(args as Args));',
    'const y = layer.apply(x);',
    'rows.push(...more); // bounded: three at most',
    '// bounded: three at most\nrows.push(...more);',
    'rows.push(\n  ...more, // bounded: three at most\n);',
  ])('lets %s be', (code) => {
    expect(findSpreads('a.ts', code)).toEqual([]);
  });
});
