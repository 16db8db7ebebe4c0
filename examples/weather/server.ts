#!/usr/bin/env -S npx tsx
// A weather server on the official TypeScript SDK. `serveStdio` serves both eras of the protocol: it looks at the
// first message and gives the connection a server of that era. Its types are erasable, so Node 22.18 or newer runs
// it as it is; older Node needs tsx.
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';
import { alerts, forecasts } from './weather.ts';

const annotations = { readOnlyHint: true, openWorldHint: false };

const Forecast = z.object({
  city: z.string(),
  days: z.array(z.object({ day: z.string(), low: z.number(), high: z.number(), sky: z.string() })),
});

const Alerts = z.object({
  state: z.string(),
  alerts: z.array(z.object({ event: z.string(), area: z.string(), severity: z.string(), advice: z.string() })),
});

function weatherServer(): McpServer {
  const server = new McpServer({ name: 'weather', version: '1.0.0' });

  server.registerTool(
    'get_forecast',
    {
      description: 'Weather forecast of a city for three days, in degrees Celsius.',
      inputSchema: z.object({ city: z.string().describe('Name of the city, for example Paris') }),
      outputSchema: Forecast,
      annotations,
    },
    ({ city }) => {
      const wanted = city.trim().toLowerCase();
      const found = Object.entries(forecasts).find(([name]) => name.toLowerCase() === wanted);
      if (found === undefined) {
        // The text of a thrown error reaches the model, which can then ask for a city that exists.
        throw new Error(`No forecast for ${city}. Known cities: ${Object.keys(forecasts).join(', ')}.`);
      }
      const [name, days] = found;
      const lines = days.map(({ day, low, high, sky }) => `${day}: ${low} to ${high} °C, ${sky}`);
      return {
        content: [{ type: 'text', text: [`Forecast for ${name}`, ...lines].join('\n') }],
        structuredContent: { city: name, days: [...days] },
      };
    },
  );

  server.registerTool(
    'get_alerts',
    {
      description: 'Weather alerts that are active in a US state.',
      inputSchema: z.object({
        state: z
          .string()
          .regex(/^[A-Za-z]{2}$/, 'Use the two-letter code of the state, for example CA')
          .describe('Two-letter code of the state, for example CA'),
      }),
      outputSchema: Alerts,
      annotations,
    },
    ({ state }) => {
      const code = state.toUpperCase();
      const active = alerts[code] ?? [];
      const lines = active.map(({ event, area, severity, advice }) => `${event} (${severity}), ${area}: ${advice}`);
      return {
        content: [{ type: 'text', text: lines.join('\n') || `No active alerts for ${code}.` }],
        structuredContent: { state: code, alerts: [...active] },
      };
    },
  );

  return server;
}

serveStdio(weatherServer);
process.on('SIGTERM', () => process.exit(0));
console.error('weather: ready');
