import { run } from '../run.mjs';

/**
 * @typedef {object} Python
 * @property {string} program
 * @property {string | undefined} version - `undefined` where there is none
 * @property {Readonly<Record<string, string>>} packages - those of interest that it has, with their versions
 */

const SCRIPT = `
import importlib.metadata as metadata, json, platform
found = {}
for name in ("torch", "jax"):
    try:
        found[name] = metadata.version(name)
    except metadata.PackageNotFoundError:
        pass
print(json.dumps({"version": platform.python_version(), "packages": found}))
`;

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Python} the one that the benchmark would take
 */
export function readPython(root, environment) {
  const program = environment['LLM101_PYTHON'] || 'python3';
  const output = run(program, ['-c', SCRIPT], root);
  if (output === undefined) return { program, version: undefined, packages: {} };
  return { program, ...JSON.parse(output) };
}
