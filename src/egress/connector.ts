import type { X509Certificate } from 'node:crypto';
import { isIP, connect as netConnect, type Socket } from 'node:net';
import { type SecureContext, TLSSocket, connect as tlsConnect } from 'node:tls';
import { type EgressPolicy, judgeAddress } from './address.ts';
import type { Destination } from './destination.ts';
import { explainConnectError, explainConnectTimeout, explainRefusedAddress } from './explain.ts';
import { explainTlsError } from './explain-tls.ts';
import type { SendFailure } from './failure.ts';

/** Carries the reason a connection couldn't be made through undici to the request that waits for it. */
export class ConnectError extends Error {
  readonly failure: SendFailure;

  constructor(failure: SendFailure) {
    super(failure.reason);
    this.name = 'ConnectError';
    this.failure = failure;
  }
}

export interface ConnectOptions {
  readonly policy: EgressPolicy;
  /** Holds the trusted authorities and the lowest TLS version. */
  readonly secureContext: SecureContext;
  /** Holds the socket until `done` is called, so that it can be destroyed before that. */
  readonly connecting: Set<Socket>;
  readonly timeoutMs: number;
  readonly now: () => number;
}

export type Connected = (...result: [null, Socket] | [ConnectError, null]) => void;

/**
 * Connects to precisely the address of a destination, never to what its name resolves to by now, so that a
 * changed DNS answer can't redirect it. Calls back once; with TLS only after the certificate was verified.
 */
export function openConnection(destination: Destination, options: ConnectOptions, done: Connected): void {
  const verdict = judgeAddress(destination.address, options.policy);
  if (!verdict.allowed) {
    done(new ConnectError(explainRefusedAddress(destination.host, verdict.kind)), null);
    return;
  }
  const socket = openSocket(destination, options.secureContext);
  options.connecting.add(socket);
  watch(socket, destination, options, done);
}

function openSocket(
  { https, host, address, family, port }: Destination,
  secureContext: SecureContext,
): Socket {
  const target = { host: address, family, port };
  if (!https) return netConnect(target).setNoDelay(true).setKeepAlive(true, 30_000);
  // SNI holds neither addresses nor the root's dot (RFC 6066, 3). Without it the certificate is verified
  // against `host`, which then is the address in the URL.
  const servername = isIP(host) === 0 ? { servername: host.replace(/\.$/, '') } : {};
  const tls = {
    ...target,
    ...servername,
    secureContext,
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
  };
  return tlsConnect(tls).setNoDelay(true).setKeepAlive(true, 30_000);
}

function watch(socket: Socket, destination: Destination, options: ConnectOptions, done: Connected): void {
  const progress = follow(socket);
  let settled = false;

  function settle(failure?: SendFailure): void {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    options.connecting.delete(socket);
    if (failure === undefined) {
      done(null, socket);
    } else {
      socket.destroy();
      done(new ConnectError(failure), null);
    }
  }
  const timer = setTimeout(() => settle(explainConnectTimeout(options.timeoutMs)), options.timeoutMs);
  socket.once(destination.https ? 'secureConnect' : 'connect', () => settle());
  socket.on('error', (error) => {
    settle(explain(error, destination, progress, options.now()));
    // Of an alert after the handshake Node tells without destroying the socket; what then comes last, and
    // remains, is that the connection was closed.
    socket.destroy(error);
  });
  socket.once('close', () => settle(explain(undefined, destination, progress, options.now())));
}

interface Progress {
  tcpConnected: boolean;
  certificate: X509Certificate | undefined;
}

function follow(socket: Socket): Progress {
  const progress: Progress = { tcpConnected: false, certificate: undefined };
  socket.once('connect', () => {
    progress.tcpConnected = true;
  });
  if (socket instanceof TLSSocket) {
    const keepCertificate = (): void => {
      progress.certificate ??= socket.getPeerX509Certificate();
    };
    // Node's own listener destroys the socket if the verification fails, and the certificate with it.
    socket.prependOnceListener('secure', keepCertificate);
    // A server that has shown its certificate and refuses the handshake then has looked for ours.
    socket.prependOnceListener('error', keepCertificate);
  }
  return progress;
}

function explain(error: unknown, destination: Destination, progress: Progress, now: number): SendFailure {
  if (!destination.https || !progress.tcpConnected) return explainConnectError(error, destination);
  return explainTlsError(error, { destination, certificate: progress.certificate, now });
}
