// Says why on stderr and exits with status 1 unless WEATHER_API_KEY is set; with it, a good server.
import { serve, text } from './_mcp.mjs';

if (!process.env.WEATHER_API_KEY) {
  process.stderr.write('Error: WEATHER_API_KEY is not set\n', () => process.exit(1));
} else {
  const inputSchema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const run = ({ city }) => text(`Sunny in ${city}.`);
  serve({
    name: 'needs-variable',
    tools: [{ name: 'get_forecast', description: 'Says how the weather will be.', inputSchema, run }],
  });
}
