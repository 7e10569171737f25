// Numbers, bytes and times as people read them, in the page's language and the site's time zone.

export type Locale = 'ja' | 'en';

const cache = new Map<string, Intl.DateTimeFormat>();
function timeFormat(locale: Locale, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${zone} ${JSON.stringify(options)}`;
  let format = cache.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale === 'ja' ? 'ja-JP' : 'en-GB', { timeZone: zone, ...options });
    cache.set(key, format);
  }
  return format;
}

const numberFormats = { ja: new Intl.NumberFormat('ja-JP'), en: new Intl.NumberFormat('en-GB') };

export function formatCount(value: number, locale: Locale): string {
  return numberFormats[locale].format(value);
}

/** Bytes with a decimal unit and three figures at most: 999 B, 1.2 kB, 34.5 MB. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? ''}`;
}

/** Milliseconds with three figures at most, seconds from ten of them on: 4.2 ms, 250 ms, 12.5 s. */
export function formatMilliseconds(ms: number, locale: Locale): string {
  const [value, unit] = ms >= 10_000 ? [ms / 1000, 's'] : [ms, 'ms'];
  return `${numberFormats[locale].format(Number(value.toPrecision(value >= 100 ? Math.ceil(Math.log10(value + 1)) : 3)))} ${unit}`;
}

/** Bits a second with a decimal unit. */
export function formatBitRate(bitsPerSecond: number): string {
  return `${formatBytes(bitsPerSecond).replace(/B$/, 'bit')}/s`;
}

export function formatClock(time: Date, locale: Locale, zone: string): string {
  return timeFormat(locale, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(time);
}

export function formatDay(time: Date, locale: Locale, zone: string): string {
  return timeFormat(locale, zone, { month: 'short', day: 'numeric' }).format(time);
}

/** Date and clock, the year only when it is not this one. */
export function formatMoment(time: Date, now: Date, locale: Locale, zone: string): string {
  const year = timeFormat(locale, zone, { year: 'numeric' });
  const options: Intl.DateTimeFormatOptions =
    year.format(time) === year.format(now)
      ? { month: 'short', day: 'numeric' }
      : { year: 'numeric', month: 'short', day: 'numeric' };
  return `${timeFormat(locale, zone, options).format(time)} ${formatClock(time, locale, zone)}`;
}

/** Everything known about a moment, for hovering: date, seconds and the zone. */
export function formatFull(time: Date, locale: Locale, zone: string): string {
  return timeFormat(locale, zone, {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).format(time);
}

const relativeFormats = {
  ja: new Intl.RelativeTimeFormat('ja', { numeric: 'always' }),
  en: new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'narrow' }),
};

/** "3 分前", "2h ago": the largest unit that gives at least one. */
export function formatAgo(time: Date, now: Date, locale: Locale): string {
  const seconds = Math.max(0, Math.round((now.getTime() - time.getTime()) / 1000));
  const format = relativeFormats[locale];
  if (seconds < 60) return format.format(-seconds, 'second');
  if (seconds < 3600) return format.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return format.format(-Math.floor(seconds / 3600), 'hour');
  return format.format(-Math.floor(seconds / 86_400), 'day');
}

/** "3 分前 (22:14)"; with the day when it is not today at the site. */
export function formatAgoWithClock(time: Date, now: Date, locale: Locale, zone: string): string {
  const sameDay = formatDay(time, locale, zone) === formatDay(now, locale, zone) && now.getTime() - time.getTime() < 86_400_000;
  const clock = sameDay ? formatClock(time, locale, zone) : formatMoment(time, now, locale, zone);
  return `${formatAgo(time, now, locale)} (${clock})`;
}

/** The offset of a zone from UTC at a moment, in minutes. */
export function zoneOffsetMinutes(time: Date, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(time);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? '0');
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return Math.round((local - Math.floor(time.getTime() / 1000) * 1000) / 60_000);
}

/** "2026-11-23T09:30" of a site's clock, as date inputs write it, to the moment it means. */
export function parseLocal(text: string, zone: string): Date | undefined {
  const guess = new Date(`${text}Z`);
  if (Number.isNaN(guess.getTime())) return undefined;
  const first = new Date(guess.getTime() - zoneOffsetMinutes(guess, zone) * 60_000);
  return new Date(guess.getTime() - zoneOffsetMinutes(first, zone) * 60_000);
}

/** A moment as a date input writes it in the site's zone. */
export function formatLocal(time: Date, zone: string): string {
  return new Date(time.getTime() + zoneOffsetMinutes(time, zone) * 60_000).toISOString().slice(0, 16);
}
