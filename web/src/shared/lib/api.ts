// Calls the cloud's HTTP API; paths, parameters and answers are typed by gen/api.ts (cloud/api/openapi.yaml).
import type { components, paths } from '@/gen/api';

import { offline, readProblem } from './problem';

export type Schemas = components['schemas'];

type Method = 'get' | 'post' | 'patch' | 'delete';
type Operation<P extends keyof paths, M extends Method> = paths[P] extends Record<M, infer O> ? O : never;
type PathsWith<M extends Method> = {
  [P in keyof paths]: Operation<P, M> extends { responses: unknown } ? P : never;
}[keyof paths];

type Json<R> = R extends { content: { 'application/json': infer Body } } ? Body : never;
type Answer<O> = O extends { responses: infer R }
  ? R extends { 200: infer A }
    ? Json<A>
    : R extends { 201: infer A }
      ? Json<A>
      : undefined
  : never;
type PathOf<O> = O extends { parameters: { path: infer P } } ? P : undefined;
type QueryOf<O> = O extends { parameters: { query?: infer Q } } ? Q : undefined;
type BodyOf<O> = O extends { requestBody: { content: { 'application/json': infer B } } } ? B : undefined;

export type AnswerOf<P extends keyof paths, M extends Method = 'get'> = Answer<Operation<P, M>>;
export type QueryFor<P extends keyof paths, M extends Method = 'get'> = QueryOf<Operation<P, M>>;

interface Request<O> {
  path?: PathOf<O>;
  query?: QueryOf<O>;
  body?: BodyOf<O>;
  /** Sent as it is, in the place of a body. */
  file?: Blob;
  signal?: AbortSignal;
  /** The answer, where the same request is on its way already. */
  answered?: Promise<Response> | undefined;
}

let csrfToken = '';
let onSignedOut: () => void = () => undefined;

/** Remembers the session's token, which every changing request carries. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** Is called whenever the API says that there is no session any more. */
export function setSignedOutHandler(handler: () => void): void {
  onSignedOut = handler;
}

/** The address of an API resource; lists repeat their parameter, undefined leaves it out. */
export function addressOf(path: string, params: object = {}, query: object = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String((params as Record<string, unknown>)[name])),
  );
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query) as [string, unknown][]) {
    if (Array.isArray(value)) for (const one of value) search.append(key, String(one));
    else if (value !== undefined && value !== null) search.append(key, String(value));
  }
  const text = search.toString();
  return text === '' ? filled : `${filled}?${text}`;
}

async function send<O>(method: Method, path: string, request: Request<O>): Promise<Answer<O>> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (method !== 'get') headers['X-OsecT-CSRF'] = csrfToken;
  if (request.body !== undefined) headers['Content-Type'] = 'application/json';
  if (request.file !== undefined) headers['Content-Type'] = 'application/octet-stream';
  let response: Response;
  try {
    response = await (request.answered ??
      fetch(addressOf(path, request.path ?? {}, request.query ?? {}), {
        method: method.toUpperCase(),
        headers,
        body: request.body === undefined ? (request.file ?? null) : JSON.stringify(request.body),
        signal: request.signal ?? null,
        credentials: 'same-origin',
      }));
  } catch (error) {
    if (request.signal?.aborted === true) throw error;
    throw offline();
  }
  if (!response.ok) {
    // A refused password is not an ended session.
    if (response.status === 401 && !(method === 'post' && path === '/api/v1/session')) onSignedOut();
    throw await readProblem(response);
  }
  if (response.status === 204) return undefined as Answer<O>;
  return (await response.json()) as Answer<O>;
}

export const api = {
  get: <P extends PathsWith<'get'>>(path: P, request: Request<Operation<P, 'get'>> = {}) =>
    send<Operation<P, 'get'>>('get', path, request),
  post: <P extends PathsWith<'post'>>(path: P, request: Request<Operation<P, 'post'>> = {}) =>
    send<Operation<P, 'post'>>('post', path, request),
  patch: <P extends PathsWith<'patch'>>(path: P, request: Request<Operation<P, 'patch'>> = {}) =>
    send<Operation<P, 'patch'>>('patch', path, request),
  delete: <P extends PathsWith<'delete'>>(path: P, request: Request<Operation<P, 'delete'>> = {}) =>
    send<Operation<P, 'delete'>>('delete', path, request),
};
