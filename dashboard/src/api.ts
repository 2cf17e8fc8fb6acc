import { noteChange } from './double-clicks.ts';

/** What the API refuses with: problem details (RFC 9457). `code` is stable, `message` is for people. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  /** Each broken field, named as it was sent. */
  readonly errors: readonly FieldProblem[];
  /** The values in the message, by name. */
  readonly params: Params | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    errors: readonly FieldProblem[] = [],
    params?: Params,
  ) {
    super(message);
    this.params = params;
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

export interface FieldProblem {
  readonly path: string;
  readonly code: string;
  readonly message: string;
  /** The values in the message, by name. */
  readonly params?: Params;
}

type Params = Readonly<Record<string, string | number>>;

/** A page of a list, as the API answers it. */
export interface Listing<Item> {
  readonly data: readonly Item[];
  readonly nextCursor: string | null;
  /** Of a search: how far back data has been looked through; null: all of it. */
  readonly lookedBackTo?: string | null;
}

type Query = Readonly<Record<string, string | number | undefined>>;

interface Options {
  readonly query?: Query;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

let bearer: string | undefined;

/** In a frame of another site cookies aren't sent: its session is a token that lives in this page's memory alone. */
export function setBearer(token: string | undefined): void {
  bearer = token;
}

/**
 * Calls the public API.
 *
 * @returns the JSON of the answer; undefined for a 204
 * @throws ApiProblem what the API refuses, and `unreachable` (status 0) where it can't be asked
 */
export async function call<Result>(method: string, path: string, options: Options = {}): Promise<Result> {
  const text = await callText(method, path, options);
  return (text === '' ? undefined : parsed(text)) as Result;
}

/** The same, answering the JSON as it was written. @returns empty for a 204 */
export async function callText(method: string, path: string, options: Options = {}): Promise<string> {
  const response = await send(method, path, options);
  const text = await response.text();
  if (!response.ok) throw problemOf(response.status, parsed(text));
  return text;
}

/** What isn't JSON is from something that stands before the API, and tells nothing. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function send(method: string, path: string, { query, body, signal }: Options): Promise<Response> {
  if (method !== 'GET') noteChange();
  const headers = new Headers({ accept: 'application/json' });
  if (body !== undefined) headers.set('content-type', 'application/json');
  if (bearer !== undefined) headers.set('authorization', `Bearer ${bearer}`);
  try {
    return await fetch(path + queryText(query), {
      method,
      headers,
      credentials: 'same-origin',
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiProblem(0, 'unreachable', 'The server cannot be reached.');
  }
}

function queryText(query: Query | undefined): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== '');
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

function problemOf(status: number, answer: unknown): ApiProblem {
  const { code, detail, errors, params } = (answer ?? {}) as {
    code?: string;
    detail?: string;
    errors?: readonly FieldProblem[];
    params?: Params;
  };
  const message = detail ?? `The server answered ${status}.`;
  return new ApiProblem(status, code ?? 'unknown', message, errors, params);
}

export const get = <Result>(path: string, query?: Query, signal?: AbortSignal) =>
  call<Result>('GET', path, { ...(query && { query }), ...(signal && { signal }) });
export const post = <Result>(path: string, body?: unknown) => call<Result>('POST', path, { body });
export const patch = <Result>(path: string, body: unknown) => call<Result>('PATCH', path, { body });
export const put = <Result>(path: string, body: unknown) => call<Result>('PUT', path, { body });
export const remove = <Result>(path: string) => call<Result>('DELETE', path);

/** The path of something of an account: `account('acme', 'webhooks', id)`. */
export function accountPath(account: string, ...segments: readonly string[]): string {
  return ['/v1/accounts', account, ...segments]
    .map((part, index) => (index ? encodeURIComponent(part) : part))
    .join('/');
}
