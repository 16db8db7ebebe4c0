/** An ISO 8601 time in the time zone of this machine, to the second: `2026-11-20T21:40:00+01:00`. Other text stays. */
export function localTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const offset = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, 19);
  const away = Math.abs(offset);
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(away / 60))}:${two(away % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
