import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { ConnectError } from './connector.ts';
import type { Destination } from './destination.ts';
import { explainBadStatus, explainExchangeError, explainTimeout } from './explain.ts';
import type { SendFailure } from './failure.ts';
import { keptHeaders } from './kept-headers.ts';

/** How a request ended. `aborted`: the sender was destroyed while it was in flight. */
export type Sent =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      /** At most 16 KiB, as they came: not decompressed. */
      readonly body: Uint8Array;
      readonly bodyTruncated: boolean;
      readonly durationMs: number;
    }
  | {
      readonly kind: 'failure';
      readonly failure: SendFailure;
      readonly durationMs: number;
      /** Set if a status line came before the failure. */
      readonly status?: number;
    }
  | { readonly kind: 'aborted' };

export const aborted: Sent = { kind: 'aborted' };
const maxKeptBodyBytes = 16_384;

// Nobody sees it, so one will do: an Error per request costs a stack trace.
const ended = new Error('the exchange has ended');

/**
 * One request on its way through undici, with the deadline for all of it. It ends once, by whatever happens
 * first, and hands the outcome to `onEnd`; what undici reports afterwards is ignored.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  destination: Destination | undefined;
  hasEnded = false;
  readonly #timeoutMs: number;
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #onEnd: (sent: Sent) => void;
  readonly #deadline: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  #status: number | undefined;
  #headers: Readonly<Record<string, string>> = {};
  #body: Uint8Array[] = [];
  #bodyBytes = 0;

  constructor(timeoutMs: number, now: () => number, onEnd: (sent: Sent) => void) {
    this.#timeoutMs = timeoutMs;
    this.#now = now;
    this.#startedAt = now();
    this.#onEnd = onEnd;
    this.#deadline = setTimeout(expire, timeoutMs, this);
  }

  /** Ends with a failure, and the connection with it. */
  fail(failure: SendFailure): void {
    const durationMs = this.#durationMs();
    const status = this.#status === undefined ? {} : { status: this.#status };
    this.#end({ kind: 'failure', failure, durationMs, ...status });
  }

  expire(): void {
    this.fail(explainTimeout(this.#timeoutMs, this.#status));
  }

  abort(): void {
    this.#end(aborted);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Throwing drops a request that ended in the queue; controller.abort would drop the connection too.
    if (this.hasEnded) throw ended;
    this.#controller = controller;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (this.hasEnded) return;
    if (status < 100) this.fail(explainBadStatus(status));
    if (status < 200) return; // informational (RFC 9110, 15.2): the answer is still to come
    this.#status = status;
    this.#headers = keptHeaders(headers);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.hasEnded) return;
    const room = maxKeptBodyBytes - this.#bodyBytes;
    const isTooLong = chunk.byteLength > room;
    this.#body.push(isTooLong ? chunk.subarray(0, room) : chunk);
    this.#bodyBytes += chunk.byteLength;
    if (isTooLong) this.#respond(true);
  }

  onResponseEnd(): void {
    // undici calls this when it is done with the request: nothing is left to abort.
    this.#controller = undefined;
    this.#respond(false);
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: Error): void {
    if (this.hasEnded || this.destination === undefined) return;
    this.#controller = undefined;
    this.fail(
      error instanceof ConnectError
        ? error.failure
        : explainExchangeError(error, this.destination, this.#status),
    );
  }

  #respond(bodyTruncated: boolean): void {
    if (this.#status === undefined) return;
    this.#end({
      kind: 'response',
      status: this.#status,
      headers: this.#headers,
      body: joined(this.#body),
      bodyTruncated,
      durationMs: this.#durationMs(),
    });
  }

  #end(sent: Sent): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    clearTimeout(this.#deadline);
    this.#onEnd(sent);
    this.#controller?.abort(ended);
  }

  #durationMs(): number {
    return Math.max(0, this.#now() - this.#startedAt);
  }
}

function expire(exchange: Exchange): void {
  exchange.expire();
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}
