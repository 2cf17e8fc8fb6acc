import type { z } from 'zod';
import type { Caller } from '../people/caller.ts';
import { type Permission, permissionsIn } from '../people/permissions.ts';
import type { Client } from '../people/user-sessions.ts';
import type { Waybill } from '../waybill.ts';

type Params = Readonly<Record<string, string>>;

/** One request, checked: what a handler gets. */
export interface Call<Query, Body> {
  readonly waybill: Waybill;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly header: (name: string) => string | undefined;
  /** Who asks; undefined where anybody may. */
  readonly identity: Caller | undefined;
  /** What is known of the program that asks. */
  readonly client: Client;
}

/** What a handler answers. `text` is JSON that is ready, or what its type says; otherwise `body` is written as JSON. */
export interface Reply {
  readonly status: 200 | 201 | 202 | 204 | 503;
  readonly body?: unknown;
  readonly text?: string;
  /** Of a text that isn't JSON. */
  readonly contentType?: string;
  /** Values of `Set-Cookie`. */
  readonly cookies?: readonly string[];
}

/** JSON as it came in, for bodies whose bytes matter. */
export interface JsonBody {
  readonly text: string;
  readonly value: unknown;
}

/**
 * Who may call: anybody; whoever has a key or has signed in; whoever may look at the account in the path; whoever may
 * look at the platform; whoever has signed in as a user. To all others it isn't there: a 404.
 */
export type Access = 'open' | 'key' | 'account' | 'platform' | 'user';

export interface Endpoint {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As in OpenAPI: `/v1/accounts/{account}`. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  /** What they must be allowed to there, else a 403. Default: to look for a GET, to change for all else. */
  readonly permission?: Permission;
  /** It tells who the people of an account are: guests of the portal are refused, whatever their role. */
  readonly closedToGuests?: boolean;
  /** It sets a cookie: pages of other sites may not make a browser send it. */
  readonly setsCookie?: boolean;
  readonly query?: z.ZodObject;
  readonly requestHeaders?: z.ZodObject;
  readonly body?: {
    readonly schema: z.ZodType;
    /** An absent body counts as `{}`. */
    readonly optional?: boolean;
    /** The handler gets a `JsonBody` and checks it itself. */
    readonly raw?: boolean;
  };
  readonly responses: Readonly<
    Record<
      number,
      { readonly description: string; readonly schema?: z.ZodType; readonly contentType?: string }
    >
  >;
  /** The codes of problems beside those every endpoint may answer with. */
  readonly problems?: Readonly<Record<number, string>>;
  handle(call: Call<unknown, unknown>): Promise<Reply>;
}

type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

type Definition<Query, Body> = Omit<Endpoint, 'query' | 'body' | 'handle'> & {
  readonly query?: Query;
  readonly body?: { readonly schema: Body; readonly optional?: boolean };
  handle(call: Call<Output<Query>, Output<Body>>): Promise<Reply>;
};

/** An endpoint whose schemas say what its handler gets. */
export function endpoint<
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(definition: Definition<Query, Body>): Endpoint {
  // The schemas are what the values have been checked against before `handle` is called.
  return definition as unknown as Endpoint;
}

/** An endpoint that reads its body's bytes itself. */
export function rawEndpoint(
  definition: Omit<Endpoint, 'handle' | 'query'> & {
    handle(call: Call<undefined, JsonBody>): Promise<Reply>;
  },
): Endpoint {
  return { ...definition, body: definition.body && { ...definition.body, raw: true } } as Endpoint;
}

/** What a caller needs where accounts or the platform are asked for. */
export function permissionOf(endpoint: Endpoint): Permission {
  return endpoint.permission ?? (endpoint.method === 'get' ? 'look' : 'change');
}

/** Whether a caller may use an endpoint for this account; `hidden`: to them it isn't there. */
export function judgeCall(
  endpoint: Endpoint,
  caller: Caller,
  account: string | undefined,
): 'allowed' | 'hidden' | 'forbidden' {
  if (endpoint.access === 'open' || endpoint.access === 'key') return 'allowed';
  if (endpoint.access === 'user') return caller.kind === 'user' ? 'allowed' : 'forbidden';
  const allowed = permissionsIn(caller, endpoint.access === 'account' ? (account ?? null) : null);
  if (allowed.length === 0) return 'hidden';
  if (endpoint.closedToGuests && caller.kind === 'portal') return 'forbidden';
  return allowed.includes(permissionOf(endpoint)) ? 'allowed' : 'forbidden';
}
