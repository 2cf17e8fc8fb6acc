import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createTestDatabase, E2E_DATABASE_KINDS } from '../support/database.ts';
import { createBrowser, tokenIn } from '../support/people.ts';
import { serveEnvironment, startProcess, startServe } from '../support/process.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const LINK = /http:\/\/[^\s#]+\/setup#token=[\w-]{43}/;
const OWNER = { email: 'anna@shop.example', name: 'Anna', password: 'correct horse' };

describe.each(E2E_DATABASE_KINDS)('the link that makes the owner on %s', (kind) => {
  it('is printed by the first start alone; the command makes a new one until somebody is the owner', async () => {
    const database = await createTestDatabase(kind);
    const first = await startServe(database);
    const printed = LINK.exec(first.output())?.[0] ?? '';
    expect(printed).toContain(first.url);
    first.signal('SIGTERM');
    await first.ended;

    const command = () => startProcess([MAIN, 'owner-link'], serveEnvironment(database));
    const made = command();
    expect(await made.ended, made.output()).toBe(0);
    const renewed = LINK.exec(made.output())?.[0] ?? '';
    expect(tokenIn(renewed)).not.toBe(tokenIn(printed));

    const second = await startServe(database);
    expect(second.output()).not.toContain('#token=');
    const browser = createBrowser(second.url);
    expect((await browser.post('/v1/setup', { token: tokenIn(printed), ...OWNER })).status).toBe(404);
    expect((await browser.post('/v1/setup', { token: tokenIn(renewed), ...OWNER })).status).toBe(201);
    second.signal('SIGTERM');
    await second.ended;

    const late = command();
    expect(await late.ended).toBe(1);
    expect(late.output()).toContain('There is an owner already');
    expect(late.output()).not.toContain('    at ');
    // Four processes, one after the other.
  }, 180_000);
});
