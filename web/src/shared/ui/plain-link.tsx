// A link of a row: one of very many, so it is a mere anchor. The router's own link follows every change of the address, which
// a list of them makes felt at each key press. The keyboard reaches rows, not what is in them.
import type { AnyRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';

interface PlainLinkProps {
  router: AnyRouter;
  href: string;
  className?: string | undefined;
  children: ReactNode;
}

export function PlainLink({ router, href, className, children }: PlainLinkProps) {
  return (
    <a
      href={href}
      tabIndex={-1}
      className={className}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        router.history.push(href);
      }}
    >
      {children}
    </a>
  );
}
