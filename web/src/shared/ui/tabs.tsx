// A choice of a few views of the same thing, side by side; arrow keys move as in any group of radio buttons.
import { useId } from 'react';

import style from './tabs.module.css';

interface TabsProps<T extends string> {
  label: string;
  value: T;
  choices: { value: T; label: string }[];
  onChange: (value: T) => void;
}

export function Tabs<T extends string>({ label, value, choices, onChange }: TabsProps<T>) {
  const name = useId();
  return (
    <div role="radiogroup" aria-label={label} className={style['tabs']}>
      {choices.map((choice) => (
        <label key={choice.value} className={style['tab']}>
          <input
            type="radio"
            className="unseen"
            name={name}
            checked={choice.value === value}
            onChange={() => {
              onChange(choice.value);
            }}
          />
          {choice.label}
        </label>
      ))}
    </div>
  );
}
