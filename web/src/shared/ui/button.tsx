// The one button, and the same look for a link that leads somewhere.
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';

import style from './button.module.css';

type Look = 'primary' | 'plain' | 'quiet' | 'danger';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look;
  icon?: ReactNode;
  /** Shown smaller, for use inside rows and bars. */
  small?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function buttonClass(look: Look = 'plain', small = false): string {
  return [style['button'], style[look], small ? style['small'] : ''].join(' ');
}

export function Button({ look = 'plain', icon, small = false, children, className, ...rest }: ButtonProps) {
  const iconOnly = children === undefined || children === null;
  return (
    <button
      type="button"
      {...rest}
      className={`${buttonClass(look, small)} ${iconOnly ? (style['iconOnly'] ?? '') : ''} ${className ?? ''}`}
    >
      {icon}
      {children}
    </button>
  );
}
