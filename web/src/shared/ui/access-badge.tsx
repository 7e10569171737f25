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
  return <AccessBadgeOf access={access} text={useVocabulary().access(access)} />;
}

/** The same where there are many: the word is found once, for all of them. */
export function AccessBadgeOf({ access, text }: { access: Access; text: string }) {
  return <span className={`${style['badge'] ?? ''} ${isChanging(access) ? (style['strong'] ?? '') : ''}`}>{text}</span>;
}
