import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** The key that the server lets in. */
export const WANDB_KEY = 'k'.repeat(40);

/** What to do with a request instead of answering it: a status, a hang-up, or silence. */
export type WandbFault = number | 'hang up' | 'silence';

interface StreamBody {
  readonly files?: Readonly<Record<string, { offset: number; content: string[] }>>;
  readonly complete?: boolean;
  readonly exitcode?: number;
}

/** A run as the server has it. */
export interface KeptRun {
  readonly variables: Readonly<Record<string, unknown>>;
  /** wandb-history.jsonl. */
  readonly history: string[];
  summary: string | undefined;
  heartbeats: number;
  exitCode: number | undefined;
}

/** A server on 127.0.0.1 that speaks as much of W&B's protocol as a run needs, keeps what it got, and can fail. */
export class WandbServer {
  readonly runs = new Map<string, KeptRun>();
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
    const expected = `Basic ${Buffer.from(`api:${WANDB_KEY}`).toString('base64')}`;
    if (request.headers.authorization !== expected) {
      return void response.writeHead(401).end('{"error":"user is not logged in"}');
    }
    if (request.method !== 'POST' || request.headers['content-type'] !== 'application/json') {
      this.complaints.push(
        `${request.method} ${request.url} as ${request.headers['content-type']}`,
      );
    }
    const json: unknown = JSON.parse(body);
    const answer =
      request.url === '/graphql'
        ? this.#upsert(json as { query: string; variables: Record<string, unknown> })
        : this.#stream(String(request.url), json as StreamBody);
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  }

  #upsert({ query, variables }: { query: string; variables: Record<string, unknown> }): object {
    if (
      !/mutation UpsertBucket\([\s\S]*upsertBucket\(input: \{[\s\S]*modelName: \$project/.test(
        query,
      )
    ) {
      this.complaints.push(`query ${query}`);
    }
    const head = query.split(') {')[0];
    const declared = new Set([...head.matchAll(/\$(\w+):/g)].map(([, name]) => name));
    const undeclared = Object.keys(variables).filter((name) => !declared.has(name));
    if (undeclared.length > 0) this.complaints.push(`undeclared ${undeclared.join()}`);
    if (variables['project'] === 'forbidden')
      return { errors: [{ message: 'permission denied' }], data: null };
    const id = String(variables['name']);
    const kept = this.runs.get(id);
    const fresh = { history: [], summary: undefined, heartbeats: 0, exitCode: undefined };
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

  #stream(path: string, { files = {}, complete, exitcode, ...unknown }: StreamBody): object {
    const [, id] = /^\/files\/me\/[^/]+\/([^/]+)\/file_stream$/.exec(path) ?? [];
    const run = this.runs.get(id);
    if (run === undefined || Object.keys(unknown).length > 0) {
      this.complaints.push(`${path} ${JSON.stringify(unknown)}`);
      return {};
    }
    if (Object.keys(files).length === 0 && complete === undefined) run.heartbeats++;
    for (const [name, { offset, content }] of Object.entries(files)) {
      if (name === 'wandb-summary.json' && offset === 0 && content.length === 1)
        [run.summary] = content;
      else if (name === 'wandb-history.jsonl' && offset <= run.history.length) {
        for (const [i, line] of content.entries()) run.history[offset + i] = line;
      } else this.complaints.push(`${name} from ${offset}, of ${run.history.length}`);
    }
    if (complete === true) run.exitCode = exitcode;
    return { exitcode: null, limits: {} };
  }
}
