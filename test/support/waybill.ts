import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { startServer } from '../../src/server.ts';
import { createWaybill, type Waybill, type WaybillOptions } from '../../src/waybill.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { createTestDatabase, type DatabaseKind } from './database.ts';

export const PLATFORM_KEY = 'test-platform-key-0123456789';

export interface TestWaybill {
  readonly waybill: Waybill;
  /** With the platform's key. */
  readonly api: ApiClient;
  readonly url: string;
  /** Stops serving and sending; happens by itself at the end of the test. */
  stop(): Promise<void>;
}

/**
 * A Waybill that sends and serves, on a database of its own unless `options` name one. Receivers on this
 * machine may be reached over http, as in development.
 */
export async function startTestWaybill(
  kind: DatabaseKind,
  options: WaybillOptions = {},
): Promise<TestWaybill> {
  const named = options.databaseUrl !== undefined || options.dataDir !== undefined;
  const database = named ? {} : await createTestDatabase(kind);
  const waybill = await createWaybill({
    logger: pino({ level: 'silent' }),
    apiKey: PLATFORM_KEY,
    port: 0,
    allowHttp: true,
    egressAllow: ['127.0.0.0/8', '::1/128'],
    environment: {},
    ...database,
    ...options,
    dispatch: { leaseMs: 3_000, pollIntervalMs: 500, stopGraceMs: 2_000, ...options.dispatch },
  });
  await waybill.start();
  const server = await startServer(waybill);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= server.close().then(() => waybill.stop());
    return stopped;
  };
  onTestFinished(stop);
  return { waybill, url: server.url, api: createApiClient(server.url, PLATFORM_KEY), stop };
}
