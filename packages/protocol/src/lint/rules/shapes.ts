import type { Version } from '../../eras.ts';
import { isObject } from '../../json-object.ts';
import { type ShapeFault, checkShape } from '../../shapes/check-shape.ts';
import { errorDataShapeOf } from '../../shapes/error-data.ts';
import type { Slot } from '../../shapes/shape.ts';
import { paramsShapeOf, resultShapeOf } from '../../shapes/shapes-of.ts';
import { type Family, type Place, type SeenAnswer, type SeenNotification, type SeenRequest, family } from '../check.ts';
import { ALL, since } from '../rule.ts';
import { generalPath, isOwned } from '../shape-owners.ts';
import { publishedVersion } from '../versions.ts';
import { WHO } from '../who.ts';

/** Whether params and results have the members, of the types, that the version in use gives them. */
export const shapes: Family = family(
  {
    'schema/params': {
      title: 'The params of a message are what the version in use says of its method',
      level: 'error',
      once: 'side',
      versions: ALL,
      spec: 'schema',
      fix: 'Send what the schema of this version has in that place.',
      clients: 'The TypeScript SDKs refuse the message.',
    },
    'schema/result': {
      title: 'A result is what the version in use says of the method that it answers',
      level: 'error',
      once: 'side',
      versions: ALL,
      spec: 'schema',
      fix: 'Send what the schema of this version has in that place.',
      clients: 'The TypeScript SDKs refuse the whole result.',
    },
    'schema/error-data': {
      title: 'An error of MCP has the data that its code asks for',
      level: 'error',
      once: 'side',
      versions: since('2025-11-25'),
      spec: 'schema',
      fix: 'Send what the schema of this version has in the data of that error; clients go on by it.',
    },
    'schema/newer-field': {
      title: 'No member is sent that only a later version has',
      level: 'info',
      once: 'side',
      versions: ALL,
      spec: 'schema',
      fix: 'Send it where the later version was agreed on; under this one nobody has to look at it.',
    },
    'schema/removed-field': {
      title: 'No member is sent that the version in use has no longer',
      level: 'info',
      once: 'side',
      versions: ALL,
      spec: 'changelog',
      fix: 'Leave it out; the changelog of this version says what came in its place.',
    },
  },
  (report) => {
    /** Tells each fault of a method once, however many items of a list have it. */
    const tell = (
      of: 'params' | 'result' | 'error-data',
      method: string,
      place: Place & { readonly version: Version },
      what: string,
      faults: readonly ShapeFault[],
    ): void => {
      for (const fault of faults) {
        if (of !== 'error-data' && isOwned(of, method, place.version, fault)) continue;
        const about = [of, method, fault.kind, generalPath(fault.path)].join(' ');
        report(`schema/${FIELD[fault.kind] ?? of}`, place, `${what} ${words(of, fault, place.version)}`, { about });
      }
    };
    const checkParams = ({ reading, from, frame, version }: SeenRequest | SeenNotification): void => {
      const { method, params } = reading;
      if (version === undefined || !(params === undefined || isObject(params))) return;
      const faults = faultsOf(paramsShapeOf(method, version), params, version);
      tell('params', method, { frame, from, version }, `${WHO[from]} sent ${method}`, faults);
    };
    const checkAnswer = ({ asked, reading, from, frame, version }: SeenAnswer): void => {
      if (asked === undefined || version === undefined) return;
      const { method } = asked;
      const what = `${WHO[from]} answered ${method}`;
      if (reading.kind === 'result') {
        if (!isObject(reading.result)) return;
        // What a server answers stands under the version that it chose, which may be another than was asked for.
        const chosen = method === 'initialize' ? publishedVersion(reading.result['protocolVersion']) : undefined;
        const own = chosen ?? version;
        const faults = faultsOf(resultShapeOf(method, own), reading.result, own);
        return tell('result', method, { frame, from, version: own }, what, faults);
      }
      const { code, data } = isObject(reading.error) ? reading.error : {};
      if (typeof code !== 'number' || code === URL_ELICITATION) return;
      const faults = faultsOf(errorDataShapeOf(code, version), data, version);
      tell('error-data', `${method} ${code}`, { frame, from, version }, what, faults);
    };
    return { request: checkParams, notification: checkParams, answer: checkAnswer };
  },
);

/** The data of this error has a rule of its own. */
const URL_ELICITATION = -32042;

/** Members that are of another version, which is legal. */
const FIELD: Readonly<Partial<Record<ShapeFault['kind'], 'newer-field' | 'removed-field'>>> = {
  'too-new': 'newer-field',
  removed: 'removed-field',
};

const WHOLE = { params: 'params', result: 'a result', 'error-data': 'data' } as const;

function faultsOf(shape: Slot | undefined, value: unknown, version: Version): readonly ShapeFault[] {
  return shape === undefined ? [] : checkShape(shape, value, version);
}

function words(
  of: keyof typeof WHOLE,
  { kind, path, expected, found, since: first }: ShapeFault,
  version: Version,
): string {
  const place = path === '' ? WHOLE[of] : path.slice(0, 120);
  switch (kind) {
    case 'missing':
      return `without ${place}, which is ${expected}`;
    case 'type':
    case 'value':
      return `with ${found} as ${place}, which is ${expected}`;
    case 'too-new':
      return `with ${place}, which MCP has since ${String(first)} and not in ${version}`;
    case 'removed':
      return `with ${place}, which MCP ${version} has no longer`;
  }
}
