import { few, ok, problem, warning } from '../finding.mjs';

/** @import { Finding } from '../finding.mjs' */
/** @import { Tracked } from '../facts/files.mjs' */

/**
 * Names and line endings that mean something else on another system.
 *
 * @param {readonly Tracked[] | undefined} files
 * @returns {Finding[]}
 */
export function checkFiles(files) {
  if (files === undefined) return [ok('files', 'no git checkout to compare with')];
  const findings = [];
  const twins = sameButForCase(files.map(({ path }) => path));
  if (twins.length > 0) {
    const found = `names that differ in case alone: ${few(twins)}`;
    findings.push(problem('files', found, 'rename one: they are one file on macOS and Windows'));
  }
  const renamed = files.filter(({ hasOtherCase }) => hasOtherCase).map(({ path }) => path);
  if (renamed.length > 0) {
    const found = `the disk has another case of ${few(renamed)}`;
    findings.push(problem('files', found, 'git mv it to the name you mean, by way of a third one'));
  }
  const odd = files
    .filter(({ inIndex, onDisk }) => isOdd(inIndex) || isOdd(onDisk))
    .map(({ path }) => path);
  if (odd.length > 0) {
    const todo = 'npx prettier --write them, then git add --renormalize .';
    findings.push(warning('files', `lines that end in CRLF: ${few(odd)}`, todo));
  }
  return findings.length > 0
    ? findings
    : [ok('files', `names and line endings of ${files.length}`)];
}

/** @param {string} endings */
function isOdd(endings) {
  return endings === 'crlf' || endings === 'mixed';
}

/** @param {readonly string[]} paths */
function sameButForCase(paths) {
  const seen = new Map(paths.map((path) => [path.toLowerCase(), path]));
  return paths.flatMap((path) => {
    const other = seen.get(path.toLowerCase()) ?? path;
    return other === path ? [] : [`${path} and ${other}`];
  });
}
