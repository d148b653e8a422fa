// Installs redis-server where it is missing, as .ci/run does before the tests.
import { findCommand, installPackage } from '@tools/browsers/debian';

if (findCommand('redis-server') === undefined) installPackage('redis-server');
process.exitCode = findCommand('redis-server') === undefined ? 1 : 0;
