import { MODERN_VERSIONS, type Version } from '../eras.ts';
import type { ShapeFault } from '../shapes/check-shape.ts';

/** A fault of shape that a rule of its own tells, with better words. */
interface Owner {
  readonly of: 'params' | 'result';
  /** The methods that it is about; of all where there are none. */
  readonly methods?: readonly string[];
  /** The versions that the other rule holds in; all where there are none. */
  readonly versions?: readonly Version[];
  /** Where; items of lists are `[]`. */
  readonly path: RegExp;
}

/** What `content/*` and `resources/contents` look at in a block. */
const BLOCK = String.raw`(?:$|\.(?:type|text|data|mimeType|uri|name|resource)$|\.resource\.(?:uri|text|blob)$)`;

const TASK = /(?:^|\.)(?:taskId|status|createdAt|lastUpdatedAt|ttl)$/;
const TASKS_CORE: readonly Version[] = ['2025-11-25'];

const OWNERS: readonly Owner[] = [
  { of: 'params', path: /^_meta[.[]/ },
  { of: 'params', path: /^(?:_meta)?$/, versions: MODERN_VERSIONS },
  { of: 'result', path: /^(?:$|_meta(?:$|[.[])|resultType$|ttlMs$|cacheScope$)/ },
  {
    of: 'result',
    methods: ['tools/list'],
    path: /^tools\[\](?:$|\.name$|\.outputSchema|\.inputSchema)/,
  },
  { of: 'result', methods: ['tools/call'], path: new RegExp(String.raw`^content\[\]${BLOCK}`) },
  { of: 'result', methods: ['prompts/get'], path: new RegExp(String.raw`^messages\[\]\.content${BLOCK}`) },
  { of: 'result', methods: ['resources/read'], path: /^contents\[\](?:$|\.(?:uri|text|blob)$)/ },
  { of: 'result', path: /^inputRequests\.?[^.]*\.method$/ },
  { of: 'params', methods: ['notifications/cancelled'], path: /^requestId$/ },
  { of: 'params', methods: ['notifications/progress'], path: /^(?:progressToken|progress)$/ },
  {
    of: 'params',
    methods: ['elicitation/create'],
    path: /^(?:mode|url|elicitationId|requestedSchema(?:$|\.(?:type$|properties)).*)$/,
  },
  { of: 'params', methods: ['notifications/tasks/status'], path: TASK, versions: TASKS_CORE },
  { of: 'result', methods: ['tasks/get', 'tasks/cancel', 'tasks/list'], path: TASK, versions: TASKS_CORE },
  { of: 'result', path: /^task(?:$|\.)/, versions: TASKS_CORE },
];

/** A path with all items of a list under one name. */
export function generalPath(path: string): string {
  return path.replaceAll(/\[\d+\]/g, '[]');
}

/** True where another rule tells a breach in this place. */
export function isOwned(of: Owner['of'], method: string, version: Version, fault: ShapeFault): boolean {
  const path = generalPath(fault.path);
  // Of what is legal and of another version, only types of content have a rule of their own.
  if (fault.kind === 'too-new' || fault.kind === 'removed') return /(?:^_meta[.[]|content(?:\[\])?\.type$)/.test(path);
  return OWNERS.some(
    (owner) =>
      owner.of === of &&
      (owner.methods?.includes(method) ?? true) &&
      (owner.versions?.includes(version) ?? true) &&
      owner.path.test(path),
  );
}
