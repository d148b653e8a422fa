import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '@llm101/runs';
import { describeFileError } from '../../terminal/errors.js';
import type { Output } from '../../terminal/output.js';
import { untilStopped } from '../../terminal/stop-signal.js';
import { openBrowser } from './open-browser.js';
import { pageServer } from './page-server.js';
import { type ServedRun, servedRun } from './served-run.js';
import { siteFiles } from './site-files.js';

/** What is kept in a browser belongs to an address, and a port is a part of that: the same one finds earlier runs again. */
const USUAL_PORT = 10_101;

/** How the page is served. */
interface PlaySettings {
  readonly port?: number | undefined;
  readonly open: boolean;
}

/** What {@link playCommand} needs besides settings. */
export interface PlayCommandOptions {
  /** The run to open the page with. Default: none. */
  readonly runDir: string | undefined;
  readonly output: Output;
}

/**
 * `llm101 play`: serves the playground on 127.0.0.1 until a signal ends it.
 *
 * @returns the exit status: 0, as a signal is how it ends
 * @throws UserError when there is no such run, or the port is taken
 */
export async function playCommand(
  { port, open }: PlaySettings,
  { runDir, output }: PlayCommandOptions,
): Promise<number> {
  const site = siteFiles();
  const run = runDir === undefined ? undefined : await servedRun(runDir, output);
  const server = await listen(createServer(pageServer({ site, run, output })), port);
  const { port: found } = server.address() as AddressInfo;
  const address = `http://127.0.0.1:${found}/${run === undefined ? '' : '#run=./run/'}`;
  await untilStopped(async ({ signal }) => {
    answer(address, { run, output });
    if (open && !output.isDocument) openBrowser(address);
    if (!signal.aborted) await once(signal, 'abort');
    return 0;
  }, output);
  server.close();
  server.closeAllConnections();
  return 0;
}

function answer(
  address: string,
  { run, output }: { readonly run: ServedRun | undefined; readonly output: Output },
): void {
  const document = { address, ...(run !== undefined && { runDir: run.path }) };
  output.answer([address], document);
  output.print('Ctrl-C ends it.');
}

/** Only this machine can connect. */
async function listen(server: Server, port: number | undefined): Promise<Server> {
  try {
    server.listen(port ?? USUAL_PORT, '127.0.0.1');
    await once(server, 'listening');
    return server;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (port === undefined && code === 'EADDRINUSE') return listen(server, 0);
    throw new UserError(
      `--port ${port ?? USUAL_PORT} can't be used: ${code === 'EADDRINUSE' ? 'another program has it' : describeFileError(cause)}; choose another, or 0 for a free one`,
      { cause },
    );
  }
}
