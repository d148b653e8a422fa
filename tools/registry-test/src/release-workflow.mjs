import { parse } from 'yaml';

/**
 * What the release workflow runs to set versions and to publish.
 *
 * @typedef {object} ReleaseCommands
 * @property {string} version
 * @property {string} publish
 */

/**
 * The commands of a workflow's changesets step.
 *
 * @param {string} workflow - the YAML of `.github/workflows/release.yml`
 * @returns {ReleaseCommands}
 * @throws {Error} when there is no such step, or it publishes without provenance
 */
export function releaseCommands(workflow) {
  /** @type {{ permissions?: Record<string, string>, jobs?: Record<string, { steps?: Step[] }> }} */
  const { permissions = {}, jobs = {} } = parse(workflow);
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);
  const step = steps.find(({ uses }) => uses?.startsWith('changesets/action@'));
  const { version, publish } = step?.with ?? {};
  if (version === undefined || publish === undefined) {
    throw new Error(
      'release.yml: a changesets/action step must have version and publish; found none',
    );
  }
  if (permissions['id-token'] !== 'write' || step?.env?.['NPM_CONFIG_PROVENANCE'] !== 'true') {
    throw new Error(
      "release.yml: packages must be published with provenance; set id-token: write and NPM_CONFIG_PROVENANCE: 'true'",
    );
  }
  return { version, publish };
}

/**
 * @typedef {object} Step
 * @property {string} [uses]
 * @property {Record<string, string>} [with]
 * @property {Record<string, string>} [env]
 */
