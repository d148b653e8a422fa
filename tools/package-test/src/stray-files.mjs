/** Files that nobody who installs a package can use, with what to do. */
const STRAY = [
  { pattern: /(^|\/)\./, kind: 'a hidden file; add "!dist/.*" to "files"' },
  { pattern: /\.tsbuildinfo/, kind: 'a note of the compiler; write it to dist/.tsbuildinfo' },
  { pattern: /(^|\/)(test|tests|__tests__)\//, kind: 'a test; leave its folder out of "files"' },
  { pattern: /\.(test|spec)\.[cm]?[jt]sx?$/, kind: 'a test; move it to test/' },
  {
    pattern: /(^|\/)(node_modules|coverage|runs)\//,
    kind: 'made by a tool; leave it out of "files"',
  },
  {
    pattern: /(^|\/)tsconfig[^/]*\.json$/,
    kind: 'a setting of the compiler; leave it out of "files"',
  },
  { pattern: /\.(log|tgz|tmp|orig|bak)$/, kind: 'left behind; delete it' },
];

const REQUIRED = ['package.json', 'README.md', 'LICENSE'];

/**
 * What is too much in a tarball, and what is missing.
 *
 * @param {readonly string[]} files - paths in the package
 * @returns {string[]} a problem a line
 */
export function strayFiles(files) {
  const stray = files.flatMap((file) => {
    const found = STRAY.find(({ pattern }) => pattern.test(file));
    return found === undefined ? [] : [`${file} is ${found.kind}`];
  });
  const missing = REQUIRED.filter((file) => !files.includes(file)).map(
    (file) => `${file} is missing; add it to the package's folder`,
  );
  return [...stray, ...missing];
}
