// A moment as people say it, "3 分前 (22:14)", in the site's time zone; the full time stands in its hover text.
import { formatAgoWithClock, formatFull } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useNow } from '@/shared/lib/now';
import { useZone } from '@/shared/lib/scope';

export function TimeAgo({ time }: { time: string | null }) {
  const locale = useLocale();
  const zone = useZone();
  const now = useNow(10_000);
  if (time === null) return <span className="muted">–</span>;
  const moment = new Date(time);
  return (
    <time dateTime={time} title={formatFull(moment, locale, zone)} className="number">
      {formatAgoWithClock(moment, now, locale, zone)}
    </time>
  );
}
