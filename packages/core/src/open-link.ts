import type { ConnectionOptions } from './connection.ts';
import type { Link } from './link.ts';
import type { ServerAccess } from './server-access.ts';

/** Starts a server, or makes ready to reach it at its URL. Throws ProxyError when it cannot be started. */
export async function openLink(
  { config, ...options }: ConnectionOptions,
  access: ServerAccess | undefined,
): Promise<Link> {
  const observers = options.observe(config);
  // Each kind is loaded when the first server needs it: no start waits for the other.
  if (config.url === undefined) {
    const { ProcessLink } = await import('./process-link.ts');
    return await ProcessLink.open({ ...options, config, observers });
  }
  const { HttpLink } = await import('./http/http-link.ts');
  return await HttpLink.open({ ...options, config, observers, access });
}
