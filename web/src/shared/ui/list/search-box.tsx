// The search field of a list; what is typed reaches the URL when the typing rests.
import { Search } from 'lucide-react';
import { useEffect, useRef, useState, type Ref } from 'react';

import { useDebounced } from '@/shared/lib/use-debounced';

import style from './list-view.module.css';

interface SearchBoxProps {
  value: string;
  label: string;
  onChange: (value: string) => void;
  ref?: Ref<HTMLInputElement>;
}

export function SearchBox({ value, label, onChange, ref }: SearchBoxProps) {
  const [text, setText] = useState(value);
  const settled = useDebounced(text, 200);
  const sent = useRef(value);

  // Typed here: send it on when it has rested.
  useEffect(() => {
    if (settled.trim() === sent.current) return;
    sent.current = settled.trim();
    onChange(settled.trim());
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only what was typed leads to a change
  }, [settled]);
  // Changed elsewhere (Back, "clear filters"): show it.
  const [shown, setShown] = useState(value);
  if (value !== shown) {
    setShown(value);
    if (value !== settled.trim()) setText(value);
  }

  return (
    <label className={style['search']}>
      <Search size={16} aria-hidden />
      <span className="unseen">{label}</span>
      <input
        ref={ref}
        type="search"
        placeholder={label}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
    </label>
  );
}
