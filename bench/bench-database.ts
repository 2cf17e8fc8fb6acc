import pg from 'pg';
import type { PostgresServer } from '../test/support/postgres-server.ts';

/** Makes an empty database on the server and returns its URL. */
export async function createDatabase(server: PostgresServer, name: string): Promise<string> {
  await query(server.url, `create database ${pg.escapeIdentifier(name)}`);
  return server.url.replace(/[^/]+$/, name);
}

/** Writes out what earlier work has left, so that the next measurement doesn't pay for it. */
export async function checkpoint(server: PostgresServer): Promise<void> {
  await query(server.url, 'checkpoint');
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
