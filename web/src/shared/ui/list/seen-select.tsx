// Which rows of a list by when they were seen: all, those of the time range, those that are new in it.
import { useSearchChange } from '@/shared/lib/use-search-change';

import style from './list-view.module.css';

export type Seen = 'range' | 'new';

interface SeenSelectProps {
  value: Seen | undefined;
  label: string;
  words: { all: string; range: string; new: string };
}

export function SeenSelect({ value, label, words }: SeenSelectProps) {
  const change = useSearchChange();
  return (
    <select
      className={style['seen']}
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => {
        change({ seen: event.target.value === '' ? undefined : event.target.value });
      }}
    >
      <option value="">{words.all}</option>
      <option value="range">{words.range}</option>
      <option value="new">{words.new}</option>
    </select>
  );
}
