#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { diagnose } from './diagnose.mjs';
import { format } from './finding.mjs';

const USAGE = 'doctor: takes --json, --offline or nothing';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const flags = process.argv.slice(2);
const unknown = flags.filter((flag) => flag !== '--json' && flag !== '--offline');
if (unknown.length > 0) {
  console.error(`${USAGE}; got ${unknown.join(' ')}`);
  process.exitCode = 2;
} else {
  const findings = await diagnose(root, { isOffline: flags.includes('--offline') });
  console.log(
    flags.includes('--json') ? JSON.stringify({ findings }, undefined, 2) : format(findings),
  );
  process.exitCode = findings.some(({ level }) => level === 'problem') ? 1 : 0;
}
