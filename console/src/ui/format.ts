const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** How long, in two units at the most: 5m 30s. */
export function duration(milliseconds: number): string {
  const left = Math.max(0, milliseconds);
  if (left < second) return '0s';
  if (left < minute) return `${Math.floor(left / second)}s`;
  if (left < hour) return two(left, minute, 'm', second, 's');
  if (left < day) return two(left, hour, 'h', minute, 'm');
  return two(left, day, 'd', hour, 'h');
}

/** How long something short took: 0.4s, 12s. */
export const seconds = (milliseconds: number) => (milliseconds < 10_000 ? `${(Math.max(0, milliseconds) / second).toFixed(1)}s` : duration(milliseconds));

function two(left: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((left % large) / small);
  return `${Math.floor(left / large)}${largeName}${rest > 0 ? ` ${rest}${smallName}` : ''}`;
}

/** When, as seen from now: 3m ago, in 2h 5m. */
export function relative(time: Date, now: Date): string {
  const past = now.getTime() - time.getTime();
  if (Math.abs(past) < 5 * second) return 'now';
  const about = Math.abs(past) >= hour ? Math.round(Math.abs(past) / minute) * minute : Math.abs(past);
  const text = about < minute ? `${Math.floor(about / second)}s` : about < hour ? `${Math.floor(about / minute)}m` : duration(about);
  return past > 0 ? `${text} ago` : `in ${text}`;
}

/** The exact time, local, with seconds and the offset. */
export function exact(time: Date): string {
  return time.toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'long' });
}

/** The time of day; with the day where that is not today. */
export function clock(time: Date, now: Date): string {
  const text = time.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  return time.toDateString() === now.toDateString() ? text : `${time.toLocaleDateString(undefined, { month: 'short', day: 'numeric' })} ${text}`;
}

/** US dollars: cents, or as many digits as a small amount needs. */
export function money(dollars: number): string {
  if (dollars === 0) return '$0';
  if (dollars < 0.01) return `$${dollars.toPrecision(2)}`;
  return `$${dollars.toLocaleString(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** A count that may be large: 6.4k. */
export function compact(count: number): string {
  return count < 1000 ? String(count) : new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 }).format(count);
}

export const plural = (count: number, one: string, many = `${one}s`) => `${count.toLocaleString()} ${count === 1 ? one : many}`;

/** A hue for a name, always the same. */
export function hue(name: string): number {
  let hash = 7;
  for (const character of name) hash = (hash * 31 + character.codePointAt(0)!) >>> 0;
  return hash % 360;
}

/** Tokens of each of the last days in UTC, days without any among them; the newest last. */
export function tokensByDay(spend: { days: number; lines: { key: string; usage: { input: number | string; output: number | string } }[] } | undefined, now: Date): number[] {
  if (!spend) return [];
  const by = new Map(spend.lines.map(({ key, usage }) => [key, Number(usage.input) + Number(usage.output)]));
  return Array.from({ length: spend.days }, (_, i) => by.get(new Date(now.getTime() - (spend.days - 1 - i) * day).toISOString().slice(0, 10)) ?? 0);
}
