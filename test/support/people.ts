import type { WaybillOptions } from '../../src/waybill.ts';
import type { ApiAnswer } from './api-client.ts';
import type { DatabaseKind } from './database.ts';
import { startTestWaybill } from './waybill.ts';

/** Something that keeps cookies and says where its requests come from, as browsers do. */
export interface Browser {
  /** `name=value` of the session; empty: signed out. */
  readonly cookie: string;
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
  get(path: string): Promise<ApiAnswer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
  delete(path: string): Promise<ApiAnswer>;
}

/** @param origin of the page that asks; null: it isn't told. Default: our own. */
export function createBrowser(url: string, cookie = '', origin: string | null = url): Browser {
  let kept = cookie;
  const request: Browser['request'] = async (method, path, body, headers = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(kept === '' ? {} : { cookie: kept }),
        ...(origin === null || method === 'GET' ? {} : { origin }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    for (const set of response.headers.getSetCookie()) {
      if (!set.includes('session_token=')) continue;
      kept = /max-age=0/i.test(set) ? '' : (set.split(';')[0] ?? '');
    }
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      get body() {
        return text === '' ? undefined : JSON.parse(text);
      },
    };
  };
  return {
    get cookie() {
      return kept;
    },
    request,
    get: (path) => request('GET', path),
    post: (path, body, headers) => request('POST', path, body, headers),
    delete: (path) => request('DELETE', path),
  };
}

/** The token of a link. */
export function tokenIn(link: string): string {
  return link.split('#token=')[1] ?? '';
}

/** A Waybill with Anna, the owner of the platform, signed in. */
export async function startWithOwner(kind: DatabaseKind, options: WaybillOptions = {}) {
  const started = await startTestWaybill(kind, options);
  const { waybill, url, api } = started;
  const origin = options.publicUrl ?? url;
  const ownerToken = tokenIn((await waybill.people.ownerLink.first()) ?? '');
  const credentials = { email: 'anna@shop.example', password: 'correct horse' };
  const owner = createBrowser(url, '', origin);
  const made = await owner.post('/v1/setup', { token: ownerToken, name: 'Anna', ...credentials });
  let count = 0;
  /** Somebody new with this role of an account or (null) of the platform, signed in. */
  const invite = async (account: string | null, role: string) => {
    count += 1;
    const path = account === null ? '/v1/invitations' : `/v1/accounts/${account}/invitations`;
    const { body } = await api.post(path, { email: `${role}${count}@shop.example`, role });
    const browser = createBrowser(url, '', origin);
    const accepted = await browser.post('/v1/invitation/accept', {
      token: tokenIn(body.url),
      name: `${role} ${count}`,
      password: 'correct horse',
    });
    return { browser, id: accepted.body.id as string };
  };
  return { ...started, owner, ownerId: made.body.id as string, ownerToken, credentials, invite };
}
