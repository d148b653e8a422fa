import { createServer, type RequestListener } from 'node:http';

/** A server on this machine for the time of `work`, with the number of requests that it has had. */
export async function withServer(
  answer: RequestListener,
  work: (url: string, requests: () => number) => Promise<void>,
): Promise<void> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    await work(`http://127.0.0.1:${address.port}/text`, () => requests);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
