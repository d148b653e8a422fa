#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { checkBoundaries } from './check-boundaries.mjs';
import { formatViolation } from './violation.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const { violations, packages, files, imports } = checkBoundaries(root);
for (const violation of violations) console.error(formatViolation(violation));
if (violations.length > 0) {
  console.error(`boundaries: ${violations.length} violations`);
  process.exitCode = 1;
} else {
  console.log(`boundaries: ${packages} packages, ${files} files, ${imports} imports, no violation`);
}
