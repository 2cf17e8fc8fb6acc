import type { z } from 'zod';
import type { Identity } from '../manage/api-keys.ts';
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
  readonly identity: Identity | undefined;
}

/** What a handler answers. `text` is JSON that is ready; otherwise `body` is written as JSON. */
export interface Reply {
  readonly status: 200 | 201 | 202 | 204 | 503;
  readonly body?: unknown;
  readonly text?: string;
}

/** JSON as it came in, for bodies whose bytes matter. */
export interface JsonBody {
  readonly text: string;
  readonly value: unknown;
}

/**
 * Who may call: anybody; whoever has a key; whoever has one of the account in the path, or the platform's; the platform
 * alone.
 * Whoever may not sees a 404, as if it weren't there.
 */
export type Access = 'open' | 'key' | 'account' | 'platform';

export interface Endpoint {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As in OpenAPI: `/v1/accounts/{account}`. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  readonly query?: z.ZodObject;
  readonly requestHeaders?: z.ZodObject;
  readonly body?: {
    readonly schema: z.ZodType;
    /** An absent body counts as `{}`. */
    readonly optional?: boolean;
    /** The handler gets a `JsonBody` and checks it itself. */
    readonly raw?: boolean;
  };
  readonly responses: Readonly<Record<number, { readonly description: string; readonly schema?: z.ZodType }>>;
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

/** Whether this caller may use an endpoint for this account. */
export function mayCall(access: Access, identity: Identity, account: string | undefined): boolean {
  if (identity.kind === 'platform' || access === 'key') return true;
  return access === 'account' && account === identity.accountId;
}
