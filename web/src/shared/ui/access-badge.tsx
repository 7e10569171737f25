// The access class of an operation; what changes the plant (write, control, program, config) stands out by weight, not by colour.
import type { Schemas } from '@/shared/lib/api';
import { useVocabulary } from '@/shared/lib/vocabulary';

import style from './access-badge.module.css';

type Access = Schemas['Access'];

export const changingClasses: Access[] = ['write', 'control', 'program', 'config'];

export function isChanging(access: Access): boolean {
  return changingClasses.includes(access);
}

export function AccessBadge({ access }: { access: Access }) {
  const words = useVocabulary();
  return <AccessBadgeOf access={access} text={words.access(access)} help={words.accessHelp(access)} />;
}

interface AccessBadgeOfProps {
  access: Access;
  text: string;
  /** What the class means, on hover. */
  help: string;
}

/** The same where there are many: the words are found once, for all of them. */
export function AccessBadgeOf({ access, text, help }: AccessBadgeOfProps) {
  return (
    <span title={help} className={`${style['badge'] ?? ''} ${isChanging(access) ? (style['strong'] ?? '') : ''}`}>
      {text}
    </span>
  );
}
