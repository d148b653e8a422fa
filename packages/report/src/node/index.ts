export { readRun } from './read-run.js';
