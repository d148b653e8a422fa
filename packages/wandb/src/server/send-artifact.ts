import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { toJson } from '../json.js';
import { artifactPath, manifestDigest, readArtifact } from '../spool/artifact-record.js';
import { fieldOf, reasonsIn } from './answers.js';
import {
  COMMIT_ARTIFACT,
  CREATE_ARTIFACT,
  CREATE_ARTIFACT_FILES,
  CREATE_MANIFEST,
} from './queries.js';
import { parseUploadTarget } from './upload-target.js';
import type { RunPath, WandbApi } from './wandb-api.js';
import { WandbError } from './wandb-error.js';

/** What {@link sendArtifact} sends, and where. */
export interface ArtifactDelivery {
  readonly api: WandbApi;
  readonly run: RunPath;
  /** The run's folder. */
  readonly folder: string;
  /** Of the artifact, in the order in which they were logged. */
  readonly number: number;
  readonly signal: AbortSignal | undefined;
}

/** Makes a version of an artifact on the server and sends its files, unless it has them. @throws WandbError */
export async function sendArtifact(delivery: ArtifactDelivery): Promise<void> {
  const { api, run, folder, number, signal } = delivery;
  const artifact = readArtifact(folder, number);
  const { entity, project, id } = run;
  const ask = async (query: string, variables: object, ...path: string[]): Promise<unknown> => {
    const answer = await api.query(query, variables, signal);
    const value = fieldOf(answer, 'data', ...path);
    if (value !== undefined && value !== null) return value;
    return api.withoutKey(() => {
      throw new WandbError(`artifact ${artifact.name} is refused: ${reasonsIn(answer)}`, {
        isPassing: false,
      });
    });
  };
  const made = await ask(
    CREATE_ARTIFACT,
    {
      input: {
        entityName: entity,
        projectName: project,
        runName: id,
        historyStep: artifact.step,
        artifactTypeName: artifact.type,
        artifactCollectionName: artifact.name,
        digest: manifestDigest(artifact.files),
        digestAlgorithm: 'MANIFEST_MD5',
        aliases: artifact.aliases.map((alias) => ({
          alias,
          artifactCollectionName: artifact.name,
        })),
        ...(artifact.metadata && { metadata: toJson(artifact.metadata) }),
        clientID: artifact.clientId,
        sequenceClientID: artifact.sequenceClientId,
        enableDigestDeduplication: true,
      },
    },
    'createArtifact',
    'artifact',
  );
  const artifactID = idOf(made);
  if (fieldOf(made, 'state') === 'COMMITTED') return;
  const latest = fieldOf(made, 'artifactSequence', 'latestArtifact', 'id');
  const askForManifest = (digest: string, includeUpload: boolean): Promise<unknown> =>
    ask(
      CREATE_MANIFEST,
      {
        artifactID,
        baseArtifactID: typeof latest === 'string' ? latest : null,
        digest,
        name: 'wandb_manifest.json',
        manifestType: 'FULL',
        includeUpload,
        entityName: entity,
        projectName: project,
        runName: id,
      },
      'createArtifactManifest',
      'artifactManifest',
    );
  const artifactManifestID = idOf(await askForManifest('', false));
  const edges = await ask(
    CREATE_ARTIFACT_FILES,
    {
      input: {
        artifactFiles: artifact.files.map(({ path, digest }) => ({
          artifactID,
          artifactManifestID,
          name: path,
          md5: digest,
        })),
        storageLayout: 'V2',
      },
    },
    'createArtifactFiles',
    'files',
    'edges',
  );
  for (const [i, { path }] of artifact.files.entries()) {
    const node = fieldOf(Array.isArray(edges) ? edges[i] : undefined, 'node');
    const target = fieldOf(node, 'uploadUrl');
    if (target === null) continue; // the server has this content
    const place = parseUploadTarget(node, api.baseUrl);
    await api.upload(place, await openAsBlob(artifactPath(folder, number, path)), signal);
  }
  const contents = artifact.files.map(({ path, digest, size }) => [
    path,
    { digest, size, birthArtifactID: artifactID },
  ]);
  const manifest = JSON.stringify({
    version: 1,
    storagePolicy: 'wandb-storage-policy-v1',
    storagePolicyConfig: { storageLayout: 'V2' },
    contents: Object.fromEntries(contents) as object,
  });
  const digest = createHash('md5').update(manifest).digest('base64');
  const place = parseUploadTarget(fieldOf(await askForManifest(digest, true), 'file'), api.baseUrl);
  await api.upload(place, manifest, signal);
  await ask(COMMIT_ARTIFACT, { artifactID }, 'commitArtifact', 'artifact');
}

function idOf(value: unknown): string {
  const id = fieldOf(value, 'id');
  if (typeof id === 'string') return id;
  throw new WandbError('the answer must have the id of an artifact, a string', {
    isPassing: false,
  });
}
