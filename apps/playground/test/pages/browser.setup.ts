// Before all others, so that a browser that is missing is installed once, or said once to be missing.
import { test } from '@playwright/test';
import { browserNames, findOrInstall } from '@tools/browsers/installed';

test('the browser is installed', ({}, { project }) => {
  test.setTimeout(0);
  for (const name of browserNames) if (project.name === `find ${name}`) findOrInstall(name);
});
