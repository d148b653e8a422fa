// What is asked of W&B's GraphQL interface, as its own client asks it.

/** Makes a run, or finds it again and updates it. */
export const UPSERT_RUN = `mutation UpsertBucket(
  $name: String, $project: String, $entity: String, $groupName: String, $displayName: String, $notes: String,
  $commit: String, $config: JSONString, $host: String, $program: String, $repo: String, $jobType: String,
  $tags: [String!], $summaryMetrics: JSONString
) {
  upsertBucket(input: {
    name: $name, modelName: $project, entityName: $entity, groupName: $groupName, displayName: $displayName,
    notes: $notes, commit: $commit, config: $config, host: $host, jobProgram: $program, jobRepo: $repo,
    jobType: $jobType, tags: $tags, summaryMetrics: $summaryMetrics
  }) {
    bucket { name displayName project { name entity { name } } }
    inserted
  }
}`;

/** What the server has of a run that may be continued. */
export const RESUME_STATUS = `query RunResumeStatus($project: String, $entity: String, $name: String!) {
  model(name: $project, entityName: $entity) {
    bucket(name: $name, missingOk: true) {
      name summaryMetrics logLineCount historyLineCount eventsLineCount config
    }
  }
}`;

/** Where files of a run are sent. */
export const CREATE_RUN_FILES = `mutation CreateRunFiles(
  $entity: String!, $project: String!, $run: String!, $files: [String!]!
) {
  createRunFiles(input: { entityName: $entity, projectName: $project, runName: $run, files: $files }) {
    runID uploadHeaders files { name uploadUrl }
  }
}`;

/** Makes a version of an artifact, or finds one of the same content. */
export const CREATE_ARTIFACT = `mutation CreateArtifact($input: CreateArtifactInput!) {
  createArtifact(input: $input) { artifact { id state artifactSequence { latestArtifact { id } } } }
}`;

/** Makes the list of an artifact's files, and says where it is sent. */
export const CREATE_MANIFEST = `mutation CreateArtifactManifest(
  $artifactID: ID!, $baseArtifactID: ID, $name: String!, $digest: String!, $entityName: String!,
  $projectName: String!, $runName: String!, $manifestType: ArtifactManifestType!, $includeUpload: Boolean!
) {
  createArtifactManifest(input: {
    artifactID: $artifactID, baseArtifactID: $baseArtifactID, name: $name, digest: $digest, entityName: $entityName,
    projectName: $projectName, runName: $runName, type: $manifestType
  }) {
    artifactManifest {
      id
      file { id uploadUrl @include(if: $includeUpload) uploadHeaders @include(if: $includeUpload) }
    }
  }
}`;

/** Where an artifact's files are sent. */
export const CREATE_ARTIFACT_FILES = `mutation CreateArtifactFiles($input: CreateArtifactFilesInput!) {
  createArtifactFiles(input: $input) {
    files { edges { node { storagePath uploadUrl uploadHeaders artifact { id } } } }
  }
}`;

/** All files of an artifact are there. */
export const COMMIT_ARTIFACT = `mutation CommitArtifact($artifactID: ID!) {
  commitArtifact(input: { artifactID: $artifactID }) { artifact { id digest } }
}`;
