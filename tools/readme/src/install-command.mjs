/**
 * How the libraries are installed beside the one version of tfjs that they run with, as a Markdown block.
 *
 * @param {readonly string[]} names - of packages
 * @param {Readonly<Record<string, string>>} peers - versions by name
 * @returns {string}
 */
export function installCommand(names, peers) {
  const pinned = Object.entries(peers)
    .map(([name, version]) => `${name}@${version}`)
    .toSorted((a, b) => (b < a ? -1 : 1)); // the core first
  return ['```sh', `npm install ${names.join(' ')} \\`, `  ${pinned.join(' ')}`, '```'].join('\n');
}
