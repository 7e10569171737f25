// A moment as people say it, "3 分前 (22:14)", in the site's time zone; the full time stands in its hover text.
import { formatAgoWithClock, formatFull, type Locale } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useNow } from '@/shared/lib/now';
import { useZone } from '@/shared/lib/scope';

export function TimeAgo({ time }: { time: string | null }) {
  return <TimeAgoIn time={time} locale={useLocale()} zone={useZone()} />;
}

/** The same where there are many: language and zone are found once, for all of them. */
export function TimeAgoIn({ time, locale, zone }: { time: string | null; locale: Locale; zone: string }) {
  const now = useNow(10_000);
  if (time === null) return <span className="muted">–</span>;
  const moment = new Date(time);
  return (
    <time dateTime={time} title={formatFull(moment, locale, zone)} className="number nowrap">
      {formatAgoWithClock(moment, now, locale, zone)}
    </time>
  );
}
