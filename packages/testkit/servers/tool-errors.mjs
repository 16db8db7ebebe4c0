// One tool for each way a call can end other than with a text: errors of both kinds and every kind of content.
import { rpcError, serve, text } from './_mcp.mjs';

// Eight samples of silence as a WAV file, and one transparent pixel as a PNG file.
const WAV = 'UklGRiwAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQgAAACAgICAgICAgA==';
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

const of = (...content) => ({ content });
const runs = {
  is_error: () => ({ ...text('The disk is full'), isError: true }),
  is_error_empty: () => ({ content: [], isError: true }),
  rpc_error: () => {
    throw rpcError(-32603, 'Internal error: the disk is full', { free: 0 });
  },
  image: () => of({ type: 'image', data: PNG, mimeType: 'image/png' }),
  bad_image: () => of({ type: 'image', data: 'this is not base64!', mimeType: 'image/tiff' }),
  audio: () => of({ type: 'audio', data: WAV, mimeType: 'audio/wav' }),
  resource_link: () => of({ type: 'resource_link', uri: 'file:///notes.txt', name: 'notes', mimeType: 'text/plain' }),
  resource_text: () => of({ type: 'resource', resource: { uri: 'file:///notes.txt', text: 'a note' } }),
  blob: () => of({ type: 'resource', resource: { uri: 'file:///p.png', blob: PNG, mimeType: 'image/png' } }),
  unknown_kind: () => of({ type: 'hologram', beam: 'blue' }),
  structured_only: () => ({ content: [], structuredContent: { temperature: 21 } }),
  empty: () => ({ content: [] }),
  no_content: () => ({}),
};

serve({
  name: 'tool-errors',
  tools: Object.entries(runs).map(([name, run]) => ({
    name,
    description: `Answers in the way that its name says: ${name}.`,
    inputSchema: { type: 'object' },
    run,
  })),
});
