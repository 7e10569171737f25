// How a deck looks: sizes in inches, colours as the pages have them. Colour means severity and nothing else.
import type { Locale } from '@/shared/lib/format';
import type { Severity } from '@/shared/report/view-model';

export const page = { width: 13.333, height: 7.5, margin: 0.6 };
export const bodyWidth = page.width - 2 * page.margin;
export const bodyTop = 1.62;
export const bodyBottom = 6.22;

/** In every Office; what shows Japanese names where the font of the language has none is left to the program. */
export const fonts: Record<Locale, string> = { ja: 'Yu Gothic', en: 'Arial' };
export const languages: Record<Locale, string> = { ja: 'ja-JP', en: 'en-GB' };

export const ink = '1B2733';
export const grey = '5B6876';
export const line = 'D3DAE1';
export const panel = 'F3F5F8';
/** Charts: from dark to light, told apart without colour too. */
export const shades = ['24405C', '4F7396', '84A3BF', 'B4C7D8', '8C97A3', 'CFD6DD'];

export const severityColours: Record<Severity, { text: string; fill: string }> = {
  critical: { text: 'FFFFFF', fill: 'B3261E' },
  high: { text: 'B3261E', fill: 'FBEAE9' },
  medium: { text: '8A5300', fill: 'FDF2DF' },
  low: { text: '46566B', fill: 'E9EDF2' },
  info: { text: '46566B', fill: 'FFFFFF' },
};
/** Of bars and frames, where the fill of a word would be too faint. */
export const severityShades: Record<Severity, string> = { critical: 'B3261E', high: 'D9534B', medium: 'C98A2B', low: '7B8896', info: 'A9B3BE' };
