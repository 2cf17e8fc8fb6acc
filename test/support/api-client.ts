// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever fields it expects.
type Json = any;

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text parsed; undefined if there is none. Throws if it isn't JSON. */
  readonly body: Json;
}

export interface ApiClient {
  /** @param body a string or bytes go out as they are, anything else as JSON */
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
  get(path: string): Promise<ApiAnswer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
  patch(path: string, body: unknown): Promise<ApiAnswer>;
  delete(path: string): Promise<ApiAnswer>;
  /** The same server with another key. */
  withKey(key: string): ApiClient;
}

/** Calls the API over real HTTP. */
export function createApiClient(url: string, key: string): ApiClient {
  const request: ApiClient['request'] = async (method, path, body, headers = {}) => {
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: raw ? (body as string) : JSON.stringify(body),
    });
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
    request,
    get: (path) => request('GET', path),
    post: (path, body, headers) => request('POST', path, body, headers),
    patch: (path, body) => request('PATCH', path, body),
    delete: (path) => request('DELETE', path),
    withKey: (other) => createApiClient(url, other),
  };
}
