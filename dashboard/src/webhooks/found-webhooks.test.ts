import { expect, it } from 'vitest';
import { countStates, stateNamed, stateOf, webhooksWith } from './found-webhooks.ts';

const lager = {
  name: 'Ångströms Lager',
  url: 'https://lager.example/hooks/42',
  events: ['order.created', 'parcel.*'],
  channels: ['web'],
};
const shop = { name: 'Shop', url: 'https://shop.example/', events: ['*'], channels: [] };
const both = [lager, shop];

const lastFailure = {
  at: '',
  code: 'refused',
  reason: '',
  params: null,
  statusCode: null,
  deliveryId: 'dlv_1',
};
const fine = { status: 'active', health: 'healthy', lastFailure: null } as const;

it('a webhook is found by its name, its URL, its events and its channels, in whichever case', () => {
  for (const text of ['ångstr', 'LAGER.example/HOOKS', 'Parcel.', 'order.created', 'Web']) {
    expect(webhooksWith(both, text), text).toEqual([lager]);
  }
  expect(webhooksWith(both, 'example')).toEqual(both);
  expect(webhooksWith(both, 'nowhere')).toEqual([]);
});

it('all words must be there, in any place, and none ask for nothing', () => {
  expect(webhooksWith(both, ' web  lager ')).toEqual([lager]);
  expect(webhooksWith(both, 'web shop')).toEqual([]);
  expect(webhooksWith(both, ' ')).toBe(both);
});

it('what is typed as a letter and a ring is found as the letter with one', () => {
  expect(webhooksWith(both, 'Ångström'.normalize('NFD'))).toEqual([lager]);
});

it('a webhook is in one state: failing as soon as an attempt failed, unless it is paused or disabled', () => {
  expect(stateOf(fine)).toBe('active');
  expect(stateOf({ ...fine, lastFailure })).toBe('failing');
  expect(stateOf({ ...fine, health: 'failing' })).toBe('failing');
  expect(stateOf({ ...fine, status: 'paused', health: 'failing', lastFailure })).toBe('paused');
  expect(stateOf({ ...fine, status: 'disabled', health: 'failing', lastFailure })).toBe('disabled');
});

it('states are counted, and only those there are have a name', () => {
  const webhooks = [fine, fine, { ...fine, status: 'paused' }, { ...fine, lastFailure }] as const;
  expect(countStates(webhooks)).toEqual({ all: 4, failing: 1, active: 2, paused: 1, disabled: 0 });
  expect(stateNamed('paused')).toBe('paused');
  expect(stateNamed('toString')).toBeUndefined();
  expect(stateNamed(undefined)).toBeUndefined();
});
