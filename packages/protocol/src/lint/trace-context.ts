/** What is wrong with the value of one of the keys of trace context (W3C Trace Context, W3C Baggage); undefined where nothing is. */
export function traceFault(key: string, value: unknown): string | undefined {
  if (key !== 'traceparent' && key !== 'tracestate' && key !== 'baggage') return undefined;
  if (typeof value !== 'string') return 'that is no text';
  if (key === 'traceparent') return traceparentFault(value);
  return value.split(',').every(key === 'baggage' ? isBaggage : isVendor) ? undefined : 'that is no list of key=value';
}

function traceparentFault(value: string): string | undefined {
  const [, version, trace, parent, rest] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/.exec(value) ?? [];
  if (trace === undefined || parent === undefined || version === 'ff' || (version === '00' && rest !== undefined))
    return 'that is not version-trace-parent-flags in hex digits';
  return /^0+$/.test(trace) || /^0+$/.test(parent) ? 'with an id of zeros only' : undefined;
}

/** A member of tracestate; an empty one is allowed. */
function isVendor(member: string): boolean {
  const text = member.trim();
  const equals = text.indexOf('=');
  return text === '' || (/^[a-z0-9][a-z0-9_*/@-]*$/.test(text.slice(0, equals)) && equals > 0);
}

/** A member of baggage: a token, a value, and properties after semicolons. */
function isBaggage(member: string): boolean {
  const text = member.trim();
  const equals = text.indexOf('=');
  return equals > 0 && /^[!#$%&'*+.^_`|~0-9a-z-]+\s*$/i.test(text.slice(0, equals));
}
