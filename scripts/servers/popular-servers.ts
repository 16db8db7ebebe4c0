/** A server that many people use, as they start it but for the place where it is installed. */
export interface PopularServer {
  readonly from: 'npm' | 'PyPI';
  /** The package, at an exact version. */
  readonly name: string;
  readonly version: string;
  /** Its command in the package's `bin` folder, or a module of a Python package. */
  readonly bin: string;
  /** Packages at versions other than it would take by itself. */
  readonly beside?: readonly string[];
  readonly args?: readonly string[];
  /** What it needs to start; a key that opens nothing where it asks for one. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What stands in `args` for a folder of the run's own. */
export const FOLDER = '{folder}';

const npm = (name: string, version: string, bin: string, more: Partial<PopularServer> = {}): PopularServer => {
  return { from: 'npm', name, version, bin, ...more };
};
const pypi = (name: string, version: string, bin: string, more: Partial<PopularServer> = {}): PopularServer => {
  return { from: 'PyPI', name, version, bin, ...more };
};

/** The servers of the table: they start without a key that is valid, a browser or a network. */
export const POPULAR_SERVERS: readonly PopularServer[] = [
  npm('@modelcontextprotocol/server-everything', '2026.8.31', 'mcp-server-everything'),
  npm('@modelcontextprotocol/server-filesystem', '2026.8.31', 'mcp-server-filesystem', { args: [FOLDER] }),
  npm('@modelcontextprotocol/server-memory', '2026.8.31', 'mcp-server-memory'),
  npm('@modelcontextprotocol/server-sequential-thinking', '2026.8.31', 'mcp-server-sequential-thinking'),
  npm('@modelcontextprotocol/server-github', '2025.4.8', 'mcp-server-github'),
  npm('@modelcontextprotocol/server-pdf', '2.0.4', 'mcp-pdf-server', { args: ['--stdio'] }),
  npm('@playwright/mcp', '0.0.83', 'playwright-mcp'),
  npm('chrome-devtools-mcp', '1.11.0', 'chrome-devtools-mcp', {
    // Both run as processes that leave its process group, where nothing that ends the server reaches them.
    env: { CHROME_DEVTOOLS_MCP_NO_UPDATE_CHECKS: '1', CHROME_DEVTOOLS_MCP_NO_USAGE_STATISTICS: '1' },
  }),
  npm('@upstash/context7-mcp', '4.1.1', 'context7-mcp'),
  npm('@notionhq/notion-mcp-server', '2.5.2', 'notion-mcp-server'),
  npm('mongodb-mcp-server', '3.0.4', 'mongodb-mcp-server'),
  npm('@wonderwhy-er/desktop-commander', '0.2.52', 'desktop-commander'),
  npm('firecrawl-mcp', '3.26.0', 'firecrawl-mcp', { env: { FIRECRAWL_API_KEY: 'fc-none' } }),
  npm('tavily-mcp', '0.2.22', 'tavily-mcp', { env: { TAVILY_API_KEY: 'none' } }),
  npm('exa-mcp-server', '3.4.1', 'exa-mcp-server'),
  pypi('mcp-server-time', '2026.10.19', 'mcp_server_time'),
  // The same server on the Python SDK of the legacy era.
  pypi('mcp-server-time', '2025.9.25', 'mcp_server_time', { beside: ['mcp==1.30.0'] }),
  pypi('mcp-server-git', '2026.10.19', 'mcp_server_git'),
  pypi('mcp-server-fetch', '2026.10.24', 'mcp_server_fetch'),
];
