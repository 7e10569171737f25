// The URL's query as the state of a view: plain `key=value` pairs, `group.key=value` for maps, repeats for lists.

/** What a query string holds: text, or a map from a name to a list of texts (`filter.type=plc&filter.type=!hmi`). */
export type SearchMap = Record<string, string[]>;
export type Search = Record<string, string | SearchMap>;

export function parseSearch(text: string): Search {
  const search: Search = {};
  for (const [key, value] of new URLSearchParams(text)) {
    const dot = key.indexOf('.');
    if (dot <= 0) {
      search[key] = value;
      continue;
    }
    const name = key.slice(0, dot);
    const map = search[name];
    const group: SearchMap = typeof map === 'object' ? map : {};
    (group[key.slice(dot + 1)] ??= []).push(value);
    search[name] = group;
  }
  return search;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (typeof value === 'string' && value !== '') query.append(key, value);
    else if (typeof value === 'number') query.append(key, String(value));
    else if (typeof value === 'object' && value !== null) {
      for (const [name, values] of Object.entries(value as SearchMap)) {
        for (const one of values) query.append(`${key}.${name}`, one);
      }
    }
  }
  const text = query.toString();
  // These are safe in a query and make a shared link readable.
  return text === '' ? '' : `?${text.replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%21', '!')}`;
}

/** Text of a search parameter, or undefined when it is missing, empty or a map. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** One of the allowed words, or undefined. */
export function wordOf<T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find((word) => word === value);
}

/** The same object without what is undefined, so that only what is set stands in the URL. */
export function defined<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Keeps only entries of a map that are lists of text; an empty text is a value too ("not known"). */
export function mapOf(value: unknown): SearchMap | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const map: SearchMap = {};
  for (const [name, values] of Object.entries(value)) {
    if (!Array.isArray(values)) continue;
    const texts = values.filter((one): one is string => typeof one === 'string');
    if (texts.length > 0) map[name] = [...new Set(texts)];
  }
  return Object.keys(map).length > 0 ? map : undefined;
}
