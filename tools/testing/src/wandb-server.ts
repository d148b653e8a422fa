import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** The key that the server lets in. */
export const WANDB_KEY = 'k'.repeat(40);

/** What to do with a request instead of answering it: a status, a hang-up, or silence. */
export type WandbFault = number | 'hang up' | 'silence';

interface StreamBody {
  readonly files?: Readonly<Record<string, { offset: number; content: string[] }>>;
  readonly uploaded?: readonly string[];
  readonly complete?: boolean;
  readonly exitcode?: number;
}

/** A run as the server has it. */
export interface KeptRun {
  readonly variables: Readonly<Record<string, unknown>>;
  /** wandb-history.jsonl. */
  readonly history: string[];
  /** wandb-events.jsonl. */
  readonly events: string[];
  /** output.log. */
  readonly output: string[];
  summary: string | undefined;
  heartbeats: number;
  exitCode: number | undefined;
  /** Contents by their names. */
  readonly files: Map<string, string>;
  /** Names that were said to be sent. */
  readonly uploaded: string[];
}

/** A version of an artifact as the server has it. */
export interface KeptArtifact {
  readonly input: Readonly<Record<string, unknown>>;
  /** Contents by their names, wandb_manifest.json among them. */
  readonly files: Map<string, string>;
  isCommitted: boolean;
}

/** A server on 127.0.0.1 that speaks as much of W&B's protocol as a run needs, keeps what it got, and can fail. */
export class WandbServer {
  readonly runs = new Map<string, KeptRun>();
  readonly artifacts: KeptArtifact[] = [];
  /** Taken from the front, a request each. */
  readonly faults: (WandbFault | undefined)[] = [];
  /** What was wrong with requests. */
  readonly complaints: string[] = [];
  requests = 0;
  url = '';
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async start(): Promise<WandbServer> {
    const server = new WandbServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    server.url = `http://127.0.0.1:${(server.#server.address() as AddressInfo).port}`;
    onTestFinished(() => server.stop());
    return server;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests++;
    let body = '';
    request.setEncoding('utf8');
    for await (const chunk of request) body += String(chunk);
    const fault = this.faults.shift();
    if (fault === 'silence') return;
    if (fault === 'hang up') return void request.socket.destroy();
    if (fault !== undefined) return void response.writeHead(fault).end('{"error":"on purpose"}');
    if (request.method === 'PUT') {
      this.#put(request, body);
      return void response.writeHead(200).end();
    }
    const expected = `Basic ${Buffer.from(`api:${WANDB_KEY}`).toString('base64')}`;
    if (request.headers.authorization !== expected) {
      return void response.writeHead(401).end('{"error":"user is not logged in"}');
    }
    if (request.method !== 'POST' || request.headers['content-type'] !== 'application/json') {
      this.complaints.push(
        `${request.method} ${request.url} as ${request.headers['content-type']}`,
      );
    }
    const answer = this.#answer(String(request.url), JSON.parse(body));
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  }

  #answer(url: string, json: unknown): object {
    if (url !== '/graphql') return this.#stream(url, json as StreamBody);
    const { query, variables } = json as { query: string; variables: Record<string, unknown> };
    const head = query.split(') {')[0];
    const declared = new Set([...head.matchAll(/\$(\w+):/g)].map(([, name]) => name));
    const undeclared = Object.keys(variables).filter((name) => !declared.has(name));
    if (undeclared.length > 0) this.complaints.push(`undeclared ${undeclared.join()}`);
    const [, name] = /^(?:query|mutation) (\w+)/.exec(query) ?? [];
    const answer = this.#answers.get(name);
    if (answer === undefined) this.complaints.push(`query ${query}`);
    return answer?.(variables) ?? {};
  }

  readonly #answers: ReadonlyMap<string, (variables: Record<string, unknown>) => object> = new Map([
    ['UpsertBucket', (variables) => this.#upsert(variables)],
    ['RunResumeStatus', ({ name }) => this.#status(String(name))],
    [
      'CreateRunFiles',
      ({ run, files }) => {
        const made = (files as string[]).map((name) => ({
          name,
          uploadUrl: `${this.url}/upload/run/${String(run)}/${encodeURIComponent(name)}?sig=1`,
        }));
        return { data: { createRunFiles: { runID: 'b', uploadHeaders: [], files: made } } };
      },
    ],
    [
      'CreateArtifact',
      ({ input }) => {
        this.artifacts.push({ input: { ...Object(input) }, files: new Map(), isCommitted: false });
        const artifact = { id: String(this.artifacts.length - 1), state: 'PENDING' };
        return { data: { createArtifact: { artifact } } };
      },
    ],
    [
      'CreateArtifactManifest',
      ({ artifactID, includeUpload }) => {
        const uploadUrl = `${this.url}/upload/artifact/${String(artifactID)}/wandb_manifest.json`;
        const file =
          includeUpload === true ? { id: 'f', uploadUrl, uploadHeaders: [] } : { id: 'f' };
        return { data: { createArtifactManifest: { artifactManifest: { id: 'm', file } } } };
      },
    ],
    [
      'CreateArtifactFiles',
      ({ input }) => {
        const { artifactFiles } = input as { artifactFiles: Record<string, string>[] };
        const edges = artifactFiles.map(({ artifactID, name }) => ({
          node: {
            uploadUrl: `${this.url}/upload/artifact/${artifactID}/${name}`,
            uploadHeaders: ['X-Kind: model'],
          },
        }));
        return { data: { createArtifactFiles: { files: { edges } } } };
      },
    ],
    [
      'CommitArtifact',
      ({ artifactID }) => {
        this.artifacts[Number(artifactID)].isCommitted = true;
        return { data: { commitArtifact: { artifact: { id: artifactID } } } };
      },
    ],
  ]);

  /** A file, which comes without the key. */
  #put(request: IncomingMessage, body: string): void {
    const [, kind, id, name] =
      /^\/upload\/(\w+)\/([\w-]+)\/([^?]*)/.exec(String(request.url)) ?? [];
    const files = (kind === 'run' ? this.runs.get(id) : this.artifacts[Number(id)])?.files;
    if (files === undefined || request.headers.authorization !== undefined)
      this.complaints.push(`PUT ${request.url} with ${request.headers.authorization}`);
    files?.set(decodeURIComponent(name), body);
  }

  #status(id: string): object {
    const run = this.runs.get(id);
    const bucket = run && {
      name: id,
      summaryMetrics: run.summary ?? '{}',
      config: run.variables['config'],
      historyLineCount: run.history.length,
      eventsLineCount: run.events.length,
      logLineCount: run.output.length,
    };
    return { data: { model: { bucket: bucket ?? null } } };
  }

  #upsert(variables: Record<string, unknown>): object {
    if (variables['project'] === 'forbidden')
      return { errors: [{ message: 'permission denied' }], data: null };
    const id = String(variables['name']);
    const kept = this.runs.get(id);
    const fresh = {
      history: [],
      events: [],
      output: [],
      files: new Map<string, string>(),
      uploaded: [],
      summary: undefined,
      heartbeats: 0,
      exitCode: undefined,
    };
    this.runs.set(id, { ...(kept ?? fresh), variables });
    const project = {
      id: 'p',
      name: variables['project'],
      entity: { id: 'e', name: variables['entity'] ?? 'me' },
    };
    const bucket = {
      id: 'b',
      name: id,
      displayName: variables['displayName'] ?? 'brisk-dawn-1',
      project,
    };
    return { data: { upsertBucket: { bucket, inserted: kept === undefined } } };
  }

  #stream(
    path: string,
    { files = {}, uploaded, complete, exitcode, ...unknown }: StreamBody,
  ): object {
    const [, id] = /^\/files\/me\/[^/]+\/([^/]+)\/file_stream$/.exec(path) ?? [];
    const run = this.runs.get(id);
    if (run === undefined || Object.keys(unknown).length > 0) {
      this.complaints.push(`${path} ${JSON.stringify(unknown)}`);
      return {};
    }
    if (Object.keys(files).length === 0 && complete === undefined && uploaded === undefined)
      run.heartbeats++;
    run.uploaded.push(...(uploaded ?? [])); // bounded: a few files
    const streams: Readonly<Record<string, string[] | undefined>> = {
      'wandb-history.jsonl': run.history,
      'wandb-events.jsonl': run.events,
      'output.log': run.output,
    };
    for (const [name, { offset, content }] of Object.entries(files)) {
      const stream = streams[name];
      if (name === 'wandb-summary.json' && offset === 0 && content.length === 1)
        [run.summary] = content;
      else if (stream !== undefined && offset <= stream.length) {
        for (const [i, line] of content.entries()) stream[offset + i] = line;
      } else this.complaints.push(`${name} from ${offset}, of ${stream?.length}`);
    }
    if (complete === true) run.exitCode = exitcode;
    return { exitcode: null, limits: {} };
  }
}
