import { isIP } from 'node:net';
import { errors } from 'undici';
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
      return { code: 'dns_not_found', reason: `the DNS does not know ${host}` };
    case 'ENODATA':
      return { code: 'dns_not_found', reason: `the DNS has no address for ${host}` };
    case 'ESERVFAIL':
      return dnsFailed(`the DNS failed to look up ${host}: its name servers may be out of order`);
    case 'EREFUSED':
      return dnsFailed(`the DNS refused to look up ${host}`);
    case 'ETIMEOUT':
      return dnsFailed(`the DNS gave no address for ${host} in time`);
    // By the DNS server, which is none of the account's.
    case 'ECONNREFUSED':
      return dnsFailed(`the DNS could not be asked about ${host}`);
    default:
      return dnsFailed(`the name ${host} could not be looked up in the DNS`);
  }
}

export function explainLookupTimeout(host: string, timeoutMs: number): SendFailure {
  return dnsFailed(`the DNS gave no address for ${host} within ${duration(timeoutMs)}`);
}

function dnsFailed(reason: string): SendFailure {
  return { code: 'dns_failed', reason };
}

/** Explains a refused address. The address itself is named only if it is what the account wrote. */
export function explainRefusedAddress(host: string, kind: string): SendFailure {
  const reason =
    isIP(host) === 0
      ? `${host} resolves to an address that is not public`
      : `${host} is not a public address (${kind})`;
  return { code: 'address_not_allowed', reason };
}

/** Explains a URL that may not be requested (any more): what is wrong with it, without the advice that follows. */
export function explainRefusedUrl({ code, message }: { code: string; message: string }): SendFailure {
  const [fact = ''] = message.split(/\.(?: |$)/);
  return { code: code === 'address_not_allowed' ? code : 'url_not_allowed', reason: asPhrase(fact) };
}

/** Explains why no connection could be made, before TLS comes into play. */
export function explainConnectError(error: unknown, destination: Destination): SendFailure {
  const reason = `could not connect to ${peerName(destination)}`;
  return explainSocketError(error, destination) ?? { code: 'network_error', reason };
}

export function explainConnectTimeout(timeoutMs: number): SendFailure {
  return { code: 'connect_timeout', reason: `could not connect within ${duration(timeoutMs)}` };
}

/** Explains that the total time ran out. `status` is that of an answer whose body didn't end. */
export function explainTimeout(timeoutMs: number, status?: number): SendFailure {
  const within = `within ${duration(timeoutMs)}`;
  const reason =
    status === undefined ? `no answer ${within}` : `answered ${status}, but the body did not end ${within}`;
  return { code: 'timeout', reason };
}

/** Explains an error of the network below TLS and HTTP, or returns undefined if it isn't one. */
function explainSocketError(error: unknown, destination: Destination): SendFailure | undefined {
  const code = errorCode(error);
  const peer = peerName(destination);
  switch (code) {
    case 'ECONNREFUSED':
      return { code: 'connection_refused', reason: `connection refused by ${peer}` };
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNABORTED':
      return { code: 'connection_reset', reason: `connection reset by ${peer}` };
    case 'ETIMEDOUT':
      return { code: 'connect_timeout', reason: `could not connect: ${peer} does not respond` };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'ENETDOWN':
    case 'EACCES':
    case 'EPERM':
      return { code: 'unreachable', reason: `${peer} cannot be reached` };
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
    return protocolError(`answered ${status}, but closed the connection before the body ended`);
  }
  return { code: failure.code, reason: `answered ${status}, but ${failure.reason}` };
}

function explainHttpError(error: unknown, destination: Destination): SendFailure | undefined {
  const code = errorCode(error);
  switch (code) {
    case 'UND_ERR_HEADERS_OVERFLOW':
      return protocolError('the headers of the answer are too large');
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      return protocolError('the body of the answer does not have the length its content-length states');
    case 'UND_ERR_INVALID_ARG':
      return { code: 'network_error', reason: 'the request could not be sent: a header of it is not valid' };
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
  return protocolError(`${notHttp} (its status is ${String(status).padStart(3, '0')})`);
}

/** The parser's message ends with what it stumbled over, one of a fixed set of phrases. undici gives no code. */
function explainParserError({ message }: errors.HTTPParserError): SendFailure {
  const detail = /\(([\w ,'/-]+)\)$/.exec(message)?.[1];
  return protocolError(detail === undefined ? notHttp : `${notHttp} (${asPhrase(detail)})`);
}

/** undici has one code for a closed connection and for an answer it can't use; only the message differs. */
function explainClosed(error: unknown, destination: Destination): SendFailure {
  const message = error instanceof Error ? error.message : '';
  if (message.startsWith('bad ')) return protocolError(notHttp);
  const reason = destination.clientCertificate
    ? closedBy(destination)
    : `${peerName(destination)} closed the connection without an answer`;
  return { code: 'connection_reset', reason };
}

function protocolError(reason: string): SendFailure {
  return { code: 'protocol_error', reason };
}

function asPhrase(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** `15 s`, `1.5 s`, `300 ms`. */
function duration(timeMs: number): string {
  return timeMs < 1000 ? `${Math.round(timeMs)} ms` : `${Math.round(timeMs / 100) / 10} s`;
}
