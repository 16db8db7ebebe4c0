/** The members that HAR 1.2 makes mandatory, with their types; `?` marks those that may be missing. */
type Shape = 'string' | 'number' | 'date' | 'empty' | 'none' | { readonly [key: string]: Shape } | readonly [Shape];

const CREATOR: Shape = { name: 'string', version: 'string' };
const COOKIE: Shape = { name: 'string', value: 'string' };
const PAIR: Shape = { name: 'string', value: 'string' };

const ENTRY: Shape = {
  startedDateTime: 'date',
  time: 'number',
  request: {
    method: 'string',
    url: 'string',
    httpVersion: 'string',
    cookies: [COOKIE],
    headers: [PAIR],
    queryString: [PAIR],
    'postData?': { mimeType: 'string', text: 'string' },
    headersSize: 'number',
    bodySize: 'number',
  },
  response: {
    status: 'number',
    statusText: 'string',
    httpVersion: 'string',
    cookies: [COOKIE],
    headers: [PAIR],
    content: { size: 'number', mimeType: 'string', 'text?': 'string', 'encoding?': 'string' },
    redirectURL: 'string',
    headersSize: 'number',
    bodySize: 'number',
  },
  cache: 'empty',
  timings: {
    send: 'number',
    wait: 'number',
    receive: 'number',
    blocked: 'number',
    dns: 'number',
    connect: 'number',
    ssl: 'number',
  },
  'connection?': 'string',
  'comment?': 'string',
};

const HAR: Shape = {
  log: { version: 'string', creator: CREATOR, pages: 'none', entries: [ENTRY], 'comment?': 'string' },
};

/** What is wrong with a document as HAR 1.2, each with its path; nothing where it is right. */
export function breachesOfHar(har: unknown): readonly string[] {
  return [...breaches(har, HAR, 'har')];
}

function* breaches(value: unknown, shape: Shape, path: string): Generator<string> {
  if (shape === 'date') {
    const isDate =
      typeof value === 'string' &&
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) &&
      !Number.isNaN(Date.parse(value));
    if (!isDate) yield `${path} is no date`;
  } else if (shape === 'number') {
    if (typeof value !== 'number' || !Number.isFinite(value)) yield `${path} is no number`;
  } else if (shape === 'string') {
    if (typeof value !== 'string') yield `${path} is no string`;
  } else if (shape === 'none') {
    // HAR lets it be missing; the importer of Firefox does not.
    if (!Array.isArray(value) || value.length > 0) yield `${path} is no empty list`;
  } else if (shape === 'empty') {
    if (typeof value !== 'object' || value === null || Object.keys(value).length > 0) yield `${path} is not empty`;
  } else if (Array.isArray(shape)) {
    if (!Array.isArray(value)) yield `${path} is no list`;
    else for (const [index, item] of value.entries()) yield* breaches(item, shape[0] as Shape, `${path}[${index}]`);
  } else if (typeof value !== 'object' || value === null) {
    yield `${path} is no object`;
  } else {
    yield* breachesOfObject(
      value as Readonly<Record<string, unknown>>,
      shape as { readonly [key: string]: Shape },
      path,
    );
  }
}

function* breachesOfObject(
  value: Readonly<Record<string, unknown>>,
  shape: { readonly [key: string]: Shape },
  path: string,
): Generator<string> {
  for (const [key, inner] of Object.entries(shape)) {
    const name = key.replace('?', '');
    if (value[name] === undefined && key.endsWith('?')) continue;
    yield* breaches(value[name], inner, `${path}.${name}`);
  }
  for (const key of Object.keys(value)) {
    // Encoding and comment of a body that is not text are ours to say.
    if (!key.startsWith('_') && key !== 'comment' && !(key in shape) && !(`${key}?` in shape))
      yield `${path}.${key} is not of HAR`;
  }
}
