import { type Method, methodNamed } from '../../methods.ts';
import { type Family, type SeenNotification, type SeenRequest, family } from '../check.ts';
import { ALL, MODERN } from '../rule.ts';
import { WHO } from '../who.ts';

/** Which methods there are, in which version, from whom. */
export const methods: Family = family(
  {
    'json-rpc/unknown-method': {
      title: 'A method is one that the protocol or one of its extensions has',
      level: 'info',
      versions: ALL,
      fix: 'Check the spelling; announce an extension for methods of your own.',
    },
    'json-rpc/other-version': {
      title: 'A method is one of the version in use',
      level: 'warning',
      versions: ALL,
      spec: 'changelog',
      fix: 'Use what this version has in its place; its changelog says what that is.',
    },
    'json-rpc/wrong-sender': {
      title: 'A method is sent by the side that has it',
      level: 'error',
      versions: ALL,
      spec: 'schema',
      fix: 'Let the other side send it: some methods are for clients, some for servers.',
    },
  },
  (report) => {
    const judge = (seen: SeenRequest | SeenNotification): void => {
      const { reading, from, version } = seen;
      const method = methodNamed(reading.method);
      const what = `${WHO[from]} sent ${reading.method}`;
      if (method === undefined) report('json-rpc/unknown-method', seen, `${what}, which MCP does not know`);
      // Whatever a modern server asks is a breach by itself.
      if (method === undefined || version === undefined || isModernAsk(seen) || method.extension !== undefined) return;
      if (sendersOf(method).some(([sender, versions]) => sender === from && versions.includes(version))) return;
      const other = sendersOf(method).find(([, versions]) => versions.includes(version));
      if (other !== undefined) report('json-rpc/wrong-sender', seen, `${what}, which only the ${other[0]} sends`);
      else report('json-rpc/other-version', seen, `${what}, which MCP ${version} does not have`);
    };
    return { request: judge, notification: judge };
  },
);

function sendersOf(method: Method): readonly (readonly ['client' | 'server', Method['client']])[] {
  return [
    ['client', method.client],
    ['server', method.server],
  ];
}

function isModernAsk({ reading, from, version }: SeenRequest | SeenNotification): boolean {
  return reading.kind === 'request' && from === 'server' && version !== undefined && MODERN.includes(version);
}
