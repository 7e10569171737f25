// A function's name in the reader's words. There are a thousand functions, named by one pattern ("read_holding_registers",
// "file_delete"): the frequent ones have a name of their own, the others are put together from words.

export interface FunctionWords {
  /** Whole names. */
  names: Record<string, string>;
  /** What is done. */
  verbs: Record<string, string>;
  /** To what; also how an abbreviation is written. */
  words: Record<string, string>;
  /** 「ファイルの読み出し」, not "read file". */
  isVerbLast: boolean;
}

/** Endings that say how, not what. */
const endings: [RegExp, string][] = [
  [/_(?:response|resp|ack|con)$/, ' (応答)'],
  [/_time(?:24|56)$/, ' (時刻付き)'],
  [/_multicast$/, ' (マルチキャスト)'],
];

export function nameFunction(name: string, words: FunctionWords): string {
  return words.names[name] ?? (words.isVerbLast ? japanese(name, words) : undefined) ?? plain(name, words);
}

/** The name as it is, abbreviations in capitals. */
function plain(name: string, { words }: FunctionWords): string {
  const text = name
    .split('_')
    .map((word) => {
      const written = words[word];
      return written !== undefined && /^[A-Z/-]+$/.test(written) ? written : word;
    })
    .join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function japanese(name: string, words: FunctionWords): string | undefined {
  for (const [ending, text] of endings) {
    const rest = name.replace(ending, '');
    if (rest === name) continue;
    const asked = words.names[rest] ?? composed(rest, words);
    return asked === undefined ? undefined : asked + text;
  }
  const [, rest = name, variant = ''] = /^(.+)_(\d|[a-z])$/.exec(name) ?? [];
  const text = composed(rest, words);
  return text === undefined || variant === '' ? text : `${text} ${variant.toUpperCase()}`;
}

/** undefined unless every word is known: half a name in each language helps nobody. */
function composed(name: string, { verbs, words }: FunctionWords): string | undefined {
  const parts = name.split('_');
  // "read_file", "file_read", "nc_read_file".
  const at = [0, parts.length - 1, 1].find((place) => verbs[parts[place] ?? ''] !== undefined);
  const verb = at === undefined ? undefined : verbs[parts[at] ?? ''];
  let object = '';
  for (const part of parts.filter((_, index) => index !== at)) {
    const next = words[part];
    if (next === undefined) return undefined;
    object += gap(object, next) + next;
  }
  if (verb === undefined) return object;
  return object === '' ? verb : `${object}${gap(object, 'の')}の${verb}`;
}

/** Latin letters stand apart from what is beside them. */
function gap(before: string, after: string): string {
  return before !== '' && (/[\w/]$/.test(before) || /^\w/.test(after)) ? ' ' : '';
}
