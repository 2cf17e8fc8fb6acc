import { isIP } from 'node:net';
import { errors } from 'undici';
import type { Params } from '../errors.ts';
import { type Destination, peerName } from './destination.ts';
import { errorCode } from './error-code.ts';
import { closedBy } from './explain-client-certificate.ts';
import { explainHandshakeError } from './explain-tls.ts';
import type { SendFailure } from './failure.ts';

// Every reason is public text. It never repeats the message of an error, which may hold an internal address.

/** Explains a rejected lookup. Takes whatever was thrown; a missing name differs from a resolver in trouble. */
export function explainLookupError(error: unknown, host: string): SendFailure {
  switch (errorCode(error)) {
    case 'ENOTFOUND':
      return { code: 'dns_not_found', reason: `the DNS does not know ${host}`, params: { host } };
    case 'ENODATA': {
      const reason = `the DNS has no address for ${host}`;
      return { code: 'dns_not_found', reason, params: { why: 'no_address', host } };
    }
    case 'ESERVFAIL': {
      const reason = `the DNS failed to look up ${host}: its name servers may be out of order`;
      return dnsFailed(reason, { why: 'name_servers', host });
    }
    case 'EREFUSED':
      return dnsFailed(`the DNS refused to look up ${host}`, { why: 'refused', host });
    case 'ETIMEOUT':
      return dnsFailed(`the DNS gave no address for ${host} in time`, { why: 'late', host });
    // By the DNS server, which is none of the account's.
    case 'ECONNREFUSED':
      return dnsFailed(`the DNS could not be asked about ${host}`, { why: 'not_asked', host });
    default:
      return dnsFailed(`the name ${host} could not be looked up in the DNS`, { host });
  }
}

export function explainLookupTimeout(host: string, timeoutMs: number): SendFailure {
  const reason = `the DNS gave no address for ${host} within ${duration(timeoutMs)}`;
  return dnsFailed(reason, { why: 'timeout', host, limitMs: timeoutMs });
}

function dnsFailed(reason: string, params: Params): SendFailure {
  return { code: 'dns_failed', reason, params };
}

/** Explains a refused address. The address itself is named only if it is what the account wrote. */
export function explainRefusedAddress(host: string, kind: string): SendFailure {
  if (isIP(host) === 0) {
    const reason = `${host} resolves to an address that is not public`;
    return { code: 'address_not_allowed', reason, params: { why: 'resolves', host } };
  }
  const reason = `${host} is not a public address (${kind})`;
  return { code: 'address_not_allowed', reason, params: { host } };
}

interface RefusedUrl {
  readonly code: string;
  readonly message: string;
  readonly params?: Params;
}

/** Explains a URL that may not be requested (any more): what is wrong with it, without the advice that follows. */
export function explainRefusedUrl({ code, message, params }: RefusedUrl): SendFailure {
  const [fact = ''] = message.split(/\.(?: |$)/);
  const reason = asPhrase(fact);
  if (code === 'address_not_allowed') return { code, reason, ...(params && { params }) };
  return { code: 'url_not_allowed', reason, params: { ...params, why: code } };
}

/** Explains why no connection could be made, before TLS comes into play. */
export function explainConnectError(error: unknown, destination: Destination): SendFailure {
  const host = peerName(destination);
  const params = { why: 'connect', host };
  return (
    explainSocketError(error, destination) ?? {
      code: 'network_error',
      reason: `could not connect to ${host}`,
      params,
    }
  );
}

export function explainConnectTimeout(timeoutMs: number): SendFailure {
  const reason = `could not connect within ${duration(timeoutMs)}`;
  return { code: 'connect_timeout', reason, params: { limitMs: timeoutMs } };
}

/** Explains that the total time ran out. `status` is that of an answer whose body didn't end. */
export function explainTimeout(timeoutMs: number, status?: number): SendFailure {
  const within = `within ${duration(timeoutMs)}`;
  if (status === undefined) {
    return { code: 'timeout', reason: `no answer ${within}`, params: { limitMs: timeoutMs } };
  }
  const reason = `answered ${status}, but the body did not end ${within}`;
  return { code: 'timeout', reason, params: { why: 'answered', status, limitMs: timeoutMs } };
}

/** Explains an error of the network below TLS and HTTP, or returns undefined if it isn't one. */
function explainSocketError(error: unknown, destination: Destination): SendFailure | undefined {
  const code = errorCode(error);
  const peer = peerName(destination);
  const params = { host: peer };
  switch (code) {
    case 'ECONNREFUSED':
      return { code: 'connection_refused', reason: `connection refused by ${peer}`, params };
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNABORTED':
      return { code: 'connection_reset', reason: `connection reset by ${peer}`, params };
    case 'ETIMEDOUT':
      return {
        code: 'connect_timeout',
        reason: `could not connect: ${peer} does not respond`,
        params: { ...params, why: 'silent' },
      };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'ENETDOWN':
    case 'EACCES':
    case 'EPERM':
      return { code: 'unreachable', reason: `${peer} cannot be reached`, params };
    default:
      return undefined;
  }
}

/** Explains an error after the connection was made. `status` is set if a status line came before it. */
export function explainExchangeError(error: unknown, destination: Destination, status?: number): SendFailure {
  const failure = explainHttpError(error, destination) ?? explainSocketError(error, destination);
  if (failure === undefined) return { code: 'network_error', reason: 'the request failed in the network' };
  if (status === undefined) return failure;
  if (failure.code === 'connection_reset') {
    const reason = `answered ${status}, but closed the connection before the body ended`;
    return protocolError(reason, { why: 'cut_off', status });
  }
  const reason = `answered ${status}, but ${failure.reason}`;
  return { code: failure.code, reason, params: { ...failure.params, answered: status } };
}

function explainHttpError(error: unknown, destination: Destination): SendFailure | undefined {
  const code = errorCode(error);
  switch (code) {
    case 'UND_ERR_HEADERS_OVERFLOW':
      return protocolError('the headers of the answer are too large', { why: 'headers' });
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      return protocolError('the body of the answer does not have the length its content-length states', {
        why: 'length',
      });
    case 'UND_ERR_INVALID_ARG':
      return {
        code: 'network_error',
        reason: 'the request could not be sent: a header of it is not valid',
        params: { why: 'header' },
      };
    case 'UND_ERR_SOCKET':
      return explainClosed(error, destination);
    case 'ECONNRESET':
    case 'EPIPE':
      return destination.clientCertificate ? explainClosed(error, destination) : undefined;
    default:
      // With TLS 1.3 a server can refuse the handshake after it has ended for us (RFC 8446, 4.4.2.4).
      if (/^ERR_(SSL|TLS)_/.test(code)) return explainHandshakeError(error, destination, true);
      return error instanceof errors.HTTPParserError ? explainParserError(error) : undefined;
  }
}

const notHttp = 'the answer is not valid HTTP/1.1';

/** Explains a status below 100. undici lets it through, and would fail an assertion of its own at the end. */
export function explainBadStatus(status: number): SendFailure {
  const shown = String(status).padStart(3, '0');
  return protocolError(`${notHttp} (its status is ${shown})`, { why: 'status', shown });
}

/** The parser's message ends with what it stumbled over, one of a fixed set of phrases. undici gives no code. */
function explainParserError({ message }: errors.HTTPParserError): SendFailure {
  const detail = /\(([\w ,'/-]+)\)$/.exec(message)?.[1];
  if (detail === undefined) return protocolError(notHttp, { why: 'unclear' });
  const said = asPhrase(detail);
  return protocolError(`${notHttp} (${said})`, { why: 'parser', said });
}

/** undici has one code for a closed connection and for an answer it can't use; only the message differs. */
function explainClosed(error: unknown, destination: Destination): SendFailure {
  const message = error instanceof Error ? error.message : '';
  if (message.startsWith('bad ')) return protocolError(notHttp, { why: 'unclear' });
  const host = peerName(destination);
  if (destination.clientCertificate) {
    const reason = closedBy(destination);
    return { code: 'connection_reset', reason, params: { why: 'closed_on_certificate', host } };
  }
  const reason = `${host} closed the connection without an answer`;
  return { code: 'connection_reset', reason, params: { why: 'closed', host } };
}

function protocolError(reason: string, params: Params): SendFailure {
  return { code: 'protocol_error', reason, params };
}

function asPhrase(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** `15 s`, `1.5 s`, `300 ms`. */
function duration(timeMs: number): string {
  return timeMs < 1000 ? `${Math.round(timeMs)} ms` : `${Math.round(timeMs / 100) / 10} s`;
}
