#!/usr/bin/env node
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testPackage } from './test-package.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'package-test-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));

let passed = 0;
let failed = 0;
try {
  for (const { step, detail, problems } of testPackage(process.cwd(), scratch)) {
    const isSound = problems.length === 0;
    if (isSound) passed += 1;
    else failed += 1;
    console.log(`${isSound ? 'ok  ' : 'FAIL'} ${step}: ${detail}`);
    for (const problem of problems) console.log(problem.trimEnd().replaceAll(/^/gm, '     '));
  }
} catch (error) {
  failed += 1;
  console.log(`FAIL ${error instanceof Error ? error.message : String(error)}`);
}
console.log(`package-test: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
