// Serves a `(Request) => Response` on a loopback port, and says its URL in the first line on stdout.
import { createServer } from 'node:http';
import { Readable } from 'node:stream';

/** The port is the one given as --port, or any. Ends with the process's stdin, as a child should. */
export function serveHttp(respond) {
  const server = createServer(async (request, response) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const body = request.method === 'POST' ? Readable.toWeb(request) : undefined;
    const answer = await respond(
      new Request(new URL(request.url, `http://${request.headers.host}`), {
        method: request.method,
        headers: request.headers,
        signal: gone.signal,
        ...(body && { body, duplex: 'half' }),
      }),
    );
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.flushHeaders();
    try {
      for await (const chunk of answer.body ?? []) response.write(chunk);
    } catch {
      // The client went away.
    }
    response.end();
  });
  const at = process.argv.indexOf('--port');
  server.listen(at === -1 ? 0 : Number(process.argv[at + 1]), '127.0.0.1', () => {
    process.stdout.write(`http://127.0.0.1:${server.address().port}/mcp\n`);
  });
  process.stdin.on('end', () => process.exit(0)).resume();
}
