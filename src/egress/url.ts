import { isIP } from 'node:net';
import { type EgressPolicy, judgeAddress } from './address.ts';
import { judgeHostName } from './host-name.ts';
import { isUsablePort } from './ports.ts';

export type UrlProblem =
  | 'url_malformed'
  | 'url_scheme'
  | 'url_credentials'
  | 'url_fragment'
  | 'url_port'
  | 'url_host'
  | 'url_too_long'
  | 'address_not_allowed';

/** `url` is the normalised href, `host` the host name or the address, an IPv6 address without brackets. */
export type UrlVerdict =
  | {
      readonly ok: true;
      readonly url: string;
      readonly host: string;
      readonly port: number;
      readonly https: boolean;
    }
  | {
      readonly ok: false;
      readonly code: UrlProblem;
      readonly message: string;
      /** The values in the message, if it holds any. */
      readonly params?: Readonly<Record<string, string | number>>;
    };

const maxUrlLength = 2048;

// Whitespace, control characters and backslashes: the URL parser silently drops or rewrites them
// (WHATWG URL, "URL parsing"), so that the account would see another URL than the one requested.
const rewrittenCharacters = /[\s\p{Cc}\\]/u;

/**
 * Decides whether a URL may be an endpoint under this policy. Takes the text as the account wrote it.
 * Returns its normal form, or what is wrong in words that say what to change. Doesn't resolve names; never throws.
 */
export function judgeUrl(text: string, policy: EgressPolicy): UrlVerdict {
  if (text.length > maxUrlLength) return tooLong();
  if (!text.isWellFormed() || rewrittenCharacters.test(text)) {
    return refuse('url_malformed', 'The URL must not contain spaces, control characters or backslashes.');
  }
  const url = URL.parse(text);
  if (url === null)
    return refuse('url_malformed', 'This is not a URL. Write it like https://example.com/hooks.');
  return judgeParts(text, url, policy);
}

function judgeParts(text: string, url: URL, policy: EgressPolicy): UrlVerdict {
  const https = url.protocol === 'https:';
  if (!https && url.protocol !== 'http:') {
    return refuse('url_scheme', 'The URL must start with https://.');
  }
  if (!https && !policy.allowHttp) {
    return refuse(
      'url_scheme',
      'The URL must start with https://: this server does not send over plain http.',
    );
  }
  const authority = /^https?:\/\/([^/?#]+)/i.exec(text)?.[1];
  // "https:example.com" and "https:///example.com" parse, but nobody means to write them.
  if (authority === undefined) {
    return refuse('url_malformed', 'The host must follow the "//": write it like https://example.com/hooks.');
  }
  if (authority.includes('@')) {
    return refuse(
      'url_credentials',
      'The URL must not contain a user name or password: sign requests instead.',
    );
  }
  if (text.includes('#')) {
    return refuse(
      'url_fragment',
      'Remove the "#" and what follows it: a fragment is never sent to a server.',
    );
  }
  if (url.href.length > maxUrlLength) return tooLong();
  return judgeDestination(url, https, policy);
}

function judgeDestination(url: URL, https: boolean, policy: EgressPolicy): UrlVerdict {
  const port = url.port === '' ? (https ? 443 : 80) : Number(url.port);
  if (!isUsablePort(port)) {
    return refuse(
      'url_port',
      `Port ${port} cannot be used. Use 443, 80, or a port above 1023 made for HTTP.`,
      { port },
    );
  }
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
  const problem = isIP(host) === 0 ? judgeHostName(host, policy) : judgeLiteral(host, policy);
  return problem ?? { ok: true, url: url.href, host, port, https };
}

function judgeLiteral(address: string, policy: EgressPolicy): UrlVerdict | undefined {
  const verdict = judgeAddress(address, policy);
  if (verdict.allowed) return undefined;
  return refuse(
    'address_not_allowed',
    `${address} is not a public address (${verdict.kind}). Use a host that is reachable from the internet.`,
    { host: address },
  );
}

function tooLong(): UrlVerdict {
  return refuse('url_too_long', `The URL must not be longer than ${maxUrlLength} characters.`, {
    most: maxUrlLength,
  });
}

function refuse(
  code: UrlProblem,
  message: string,
  params?: Readonly<Record<string, string | number>>,
): UrlVerdict {
  return { ok: false, code, message, ...(params && { params }) };
}
