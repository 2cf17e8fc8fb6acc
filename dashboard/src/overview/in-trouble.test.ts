import { expect, it } from 'vitest';
import { inTrouble } from './in-trouble.ts';

const fine = { status: 'active', health: 'healthy', disabledReason: null, lastFailure: null } as const;
const lastFailure = {
  at: '2026-03-14T09:00:00.000Z',
  code: 'connection_refused',
  reason: 'connection refused',
  params: null,
  statusCode: null,
  deliveryId: 'dlv_1',
};

it('a webhook that nothing arrives at is in trouble before anything is given up', () => {
  const refused = { ...fine, lastFailure };
  expect(inTrouble([fine, refused])).toEqual([refused]);
});

it('the worst comes first, and those alike as they came', () => {
  const refused = { ...fine, name: 'refused', lastFailure };
  const given = { ...fine, name: 'given up', health: 'failing', lastFailure } as const;
  const disabled = {
    ...fine,
    name: 'disabled',
    status: 'disabled',
    disabledReason: 'only_failures',
  } as const;
  const webhooks = [{ ...refused, name: 'first' }, refused, given, disabled];
  const names = inTrouble(webhooks).map(({ name }) => name);
  expect(names).toEqual(['disabled', 'given up', 'first', 'refused']);
});

it('what somebody disabled themselves is no trouble, however it ended', () => {
  const off = {
    ...fine,
    status: 'disabled',
    disabledReason: 'request',
    health: 'failing',
    lastFailure,
  } as const;
  expect(inTrouble([off])).toEqual([]);
});
