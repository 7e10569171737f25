// A labelled input with its hint and what is wrong with it.
import { useId, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes } from 'react';

import style from './field.module.css';

interface Common {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
}

export function TextField({ label, hint, error, ...rest }: Common & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  const about = hint !== undefined || error !== undefined ? `${id}-about` : undefined;
  return (
    <div className={style['field']}>
      <label htmlFor={id}>{label}</label>
      <input id={id} className={style['input']} aria-describedby={about} aria-invalid={error !== undefined} {...rest} />
      {about !== undefined && (
        <p id={about} className={error !== undefined ? style['error'] : style['hint']}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

export function SelectField({
  label,
  hint,
  error,
  children,
  ...rest
}: Common & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId();
  const text = error ?? hint;
  return (
    <div className={style['field']}>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className={style['input']}
        aria-describedby={text === undefined ? undefined : `${id}-about`}
        aria-invalid={error !== undefined}
        {...rest}
      >
        {children}
      </select>
      {text !== undefined && (
        <p id={`${id}-about`} className={error !== undefined ? style['error'] : style['hint']}>
          {text}
        </p>
      )}
    </div>
  );
}
