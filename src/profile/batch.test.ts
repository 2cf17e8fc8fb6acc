import { describe, expect, it } from 'vitest';
import { builtInProfile, plainProfile } from '../../test/support/profiles.ts';
import { batchKey, batchSubject, renderBatch } from './batch.ts';
import { batchSchema } from './batch-format.ts';
import { renderHeaders } from './engine.ts';
import type { Subject } from './subject.ts';

const JOIN = batchSchema.parse({ join: ['rows', 'documents'], by: 'carrier' });

function subjectOf(data: string, event: Partial<Subject['event']> = {}): Subject {
  return {
    event: {
      id: 'evt_1',
      type: 'tracked',
      occurredAt: '2026-03-13T14:30:00.000Z',
      subject: null,
      channel: null,
      version: null,
      data,
      ...event,
    },
    payloadVersion: null,
    delivery: { id: 'dlv_1' },
    attempt: { number: 2, timestampSeconds: 1_773_412_205 },
    webhook: { id: 'wh_1' },
  };
}

function eventOf(data: string, more: { type?: string; version?: string } = {}) {
  return { type: 'tracked', version: null, data, ...more };
}

function bodyOf(batch: unknown, ...data: string[]): string {
  const profile = plainProfile({ body: 'event.data', signatures: [], batch });
  const subjects = data.map((one) => subjectOf(one));
  return renderBatch(profile, subjects, batchSubject(profile.batch, 'bat_1', subjects));
}

describe('a batch in a profile that says nothing of batches', () => {
  it('is an array of the bodies of its events, byte for byte', () => {
    expect(bodyOf(undefined, '{"a": 1.0}', '7', '[ ]')).toBe('[{"a": 1.0},7,[ ]]');
  });

  it('is an array too if it has one event', () => {
    expect(bodyOf(undefined, '{"a":1}')).toBe('[{"a":1}]');
  });

  it('has an envelope around each event', () => {
    const profile = builtInProfile('standard-webhooks');
    const subjects = [subjectOf('1'), subjectOf('2', { occurredAt: '2026-03-13T14:31:00.000Z' })];
    expect(renderBatch(profile, subjects, batchSubject(profile.batch, 'bat_1', subjects))).toBe(
      '[{"type":"tracked","timestamp":"2026-03-13T14:30:00Z","data":1},' +
        '{"type":"tracked","timestamp":"2026-03-13T14:31:00Z","data":2}]',
    );
  });
});

describe('a batch in a profile that joins lists', () => {
  it('has the items of all events in their order, and the rest of the first one', () => {
    expect(
      bodyOf(
        { join: ['rows'] },
        '{"n": 1, "rows": [1.0, {"x": "]"}]}',
        '{"n":2,"rows":[]}',
        '{"rows":[ 3 ]}',
      ),
    ).toBe('{"n":1,"rows":[1.0,{"x": "]"},3]}');
  });

  it('joins a list the first event has not', () => {
    expect(
      bodyOf({ join: ['rows', 'more'] }, '{"rows":[1]}', '{"more":[2]}', '{"more":[3],"rows":[4]}'),
    ).toBe('{"rows":[1,4],"more":[2,3]}');
  });

  it('of one event is that event, byte for byte', () => {
    expect(bodyOf({ join: ['rows'] }, ' {"rows" : [1]} ')).toBe(' {"rows" : [1]} ');
  });
});

describe('what a request of a batch is about', () => {
  it('has the id of the batch, and of the rest what the events have in common', () => {
    const subjects = [
      subjectOf('1', { id: 'evt_1', subject: 'order/1', channel: 'web' }),
      subjectOf('2', { id: 'evt_2', subject: 'order/2', channel: 'web' }),
    ];
    const { event, delivery, attempt } = batchSubject('array', 'bat_1', subjects);
    expect(event).toMatchObject({ id: 'bat_1', type: 'tracked', subject: null, channel: 'web' });
    expect(delivery.id).toBe('bat_1');
    expect(attempt.number).toBe(2);
  });

  it('is signed as the events are: the signature covers the id of the batch', () => {
    const profile = builtInProfile('standard-webhooks');
    const secrets = ['whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='];
    const signed = (id: string) =>
      renderHeaders(profile, batchSubject('array', id, [subjectOf('1')]), Buffer.from('[]'), secrets);
    expect(signed('bat_1')['webhook-id']).toBe('bat_1');
    expect(signed('bat_1')['webhook-signature']).not.toBe(signed('bat_2')['webhook-signature']);
  });
});

describe('which events go together', () => {
  it('those of one type, whatever else they are', () => {
    const key = batchKey('array', eventOf('{"a":1}'), null);
    expect(batchKey('array', eventOf('7', { version: '2' }), null)).toBe(key);
    expect(batchKey('array', eventOf('{"a":1}', { type: 'other' }), null)).not.toBe(key);
  });

  it('of these, those with one value at the path the webhook names', () => {
    const key = (data: string) => batchKey('array', eventOf(data), ['a', 'b']);
    expect(key('{"a":{"b":"\\u0064hl"},"c":1}')).toBe(key('{"a": {"b": "dhl"}}'));
    expect(key('{"a":{"b":1}}')).not.toBe(key('{"a":{"b":"1"}}'));
    expect(key('{"a":{"b":"ups"}}')).not.toBe(key('{"a":{"b":"dhl"}}'));
    expect(key('{"a":{}}')).toBe(key('{"a":[1]}'));
    expect(key('{"a":{}}')).not.toBe(key('{"a":{"b":null}}'));
  });

  it('where lists are joined, also those of one version and one value at the path of the profile', () => {
    const key = (data: string, version?: string) =>
      batchKey(JOIN, eventOf(data, version === undefined ? {} : { version }), null);
    expect(key('{"carrier":"dhl","rows":[]}')).toBe(key('{"rows":[1],"carrier":"dhl","x":2}'));
    expect(key('{"carrier":"dhl","rows":[]}')).not.toBe(key('{"carrier":"ups","rows":[]}'));
    expect(key('{"rows":[]}', '1')).not.toBe(key('{"rows":[]}', '2'));
  });

  it.each(['{"carrier":"dhl"}', '{"rows":{}}', '[1]', 'null'])(
    'where lists are joined, not one without any: %s',
    (data) => {
      expect(batchKey(JOIN, eventOf(data), null)).toBeNull();
    },
  );
});

describe('how a batch is made', () => {
  it.each(['list', { join: [] }, { join: ['rows'], by: 'a..b' }, { join: ['rows'], count: 'n' }, null])(
    'can not be said as %j',
    (written) => {
      expect(batchSchema.safeParse(written).success).toBe(false);
    },
  );
});
