import { describe, expect, it } from 'vitest';
import { profileSchema, type WireFormat } from '../profile/profile.ts';
import { createEventType, type EventType } from './event-type.ts';
import { bodySchemaOf, payloadSchemaOf } from './payload-schema.ts';
import { eventTypeFileSchema } from './preset-file.ts';
import { compileSchema } from './schema.ts';

const DATA = {
  type: 'object',
  properties: { id: { $ref: '#/$defs/Id' }, note: { type: 'string' }, rows: { type: 'array' } },
  required: ['id'],
  $defs: { Id: { type: 'integer' } },
};

function typeOf(more: object): EventType {
  const source = { name: 'order.created', ...more };
  return createEventType(eventTypeFileSchema.parse(source), source, null);
}

function formatOf(body: unknown, more: object = {}): WireFormat {
  return profileSchema.parse({ body, signatures: [], ...more });
}

describe('the schema of what is sent', () => {
  it('is that of the data if nothing else is said', () => {
    expect(payloadSchemaOf(typeOf({ schema: DATA }), null)).toEqual(DATA);
    expect(payloadSchemaOf(typeOf({ schema: false }), null)).toEqual({ not: {} });
  });

  it('is anything if nothing is known', () => {
    expect(payloadSchemaOf(typeOf({}), null)).toEqual({});
  });

  it("is what the type's payload makes of the data", () => {
    expect(payloadSchemaOf(typeOf({ schema: DATA, payload: ['note'] }), null)).toEqual({
      type: 'object',
      properties: { note: { type: ['string', 'null'] } },
      required: ['note'],
    });
  });

  it('names the fields even if nothing is known of the data', () => {
    const expected = { properties: { note: {} }, required: ['note'] };
    expect(payloadSchemaOf(typeOf({ payload: ['note'] }), null)).toEqual(expected);
  });

  it("is the version's own, or what the version's payload makes of the data", () => {
    const own = { type: 'array', items: { type: 'string' } };
    const type = typeOf({ schema: DATA, versions: { 1: { schema: own }, 2: { payload: ['id'] }, 3: {} } });
    expect(payloadSchemaOf(type, '1')).toEqual(own);
    expect(payloadSchemaOf(type, '2')).toEqual({
      type: 'object',
      properties: { id: { $ref: '#/$defs/Id' } },
      required: ['id'],
      $defs: { Id: { type: 'integer' } },
    });
    expect(payloadSchemaOf(type, '3')).toEqual(DATA);
  });

  it('is made by the first rule of the wire format that covers the type, if the type has neither payload nor versions', () => {
    const { payloads } = formatOf('event.data', {
      payloads: [
        { events: ['shipment.*'], payload: ['id'] },
        { events: ['order.*'], payload: ['note'] },
        { events: ['*'], payload: ['id'] },
      ],
    });
    const fields = (type: EventType, version: string | null) =>
      Object.keys(payloadSchemaOf(type, version, payloads).properties ?? {});
    expect(fields(typeOf({ schema: DATA }), null)).toEqual(['note']);
    expect(fields(typeOf({ schema: DATA, payload: ['rows'] }), null)).toEqual(['rows']);
    expect(fields(typeOf({ schema: DATA, versions: { 1: {} } }), '1')).toEqual(['id', 'note', 'rows']);
  });
});

describe('the schema of a body', () => {
  it('is that of the data, whatever the payload is, if the body is the data alone', () => {
    expect(bodySchemaOf(formatOf('event.data'), typeOf({ schema: DATA, payload: ['note'] }), null)).toEqual(
      DATA,
    );
  });

  it('has each member of the envelope, always and in its place', () => {
    const body = bodySchemaOf(
      formatOf([
        { name: 'v', value: 'payload.version' },
        { name: 'type', value: 'event.type' },
        { name: 'at', value: 'event.time' },
        { name: 'about', value: 'event.subject' },
        { name: 'lines', value: { count: 'event.data.rows' } },
        { name: 'kind', value: { const: ['event'] } },
        { name: 'id', value: 'event.data.id' },
        { name: 'note', value: 'event.data.note' },
        { name: 'data', value: 'event.payload' },
      ]),
      typeOf({ schema: DATA, versions: { 2: { payload: ['id'] } } }),
      '2',
    );
    expect(body).toMatchObject({
      type: 'object',
      properties: {
        v: { const: '2' },
        type: { const: 'order.created' },
        at: { type: 'string', format: 'date-time' },
        about: { type: ['string', 'null'] },
        lines: { type: 'integer', minimum: 0 },
        kind: { const: ['event'] },
        id: { $ref: '#/$defs/Id' },
        note: { type: ['string', 'null'] },
        data: { type: 'object', properties: { id: { $ref: '#/$defs/Id' } } },
      },
      $defs: { Id: { type: 'integer' } },
    });
    expect(body.required).toEqual(Object.keys(body.properties ?? {}));
  });

  it('takes a member of the data for certain only if the data is an object that demands it', () => {
    const format = formatOf([{ name: 'id', value: 'event.data.id' }]);
    const { type, ...untyped } = DATA;
    const idOf = (schema: unknown) => bodySchemaOf(format, typeOf({ schema }), null).properties;
    expect(idOf(DATA)).toEqual({ id: { $ref: '#/$defs/Id' } });
    expect(idOf(untyped)).toEqual({ id: { anyOf: [{ $ref: '#/$defs/Id' }, { type: 'null' }] } });
    expect(idOf(true)).toEqual({ id: {} });
  });

  it('says of the version of a type without versions that it may be any, or none', () => {
    const format = formatOf([{ name: 'v', value: 'payload.version' }]);
    expect(bodySchemaOf(format, typeOf({}), null).properties).toMatchObject({
      v: { type: ['string', 'null'] },
    });
  });

  it('keeps definitions of one name apart if data and payload have each its own', () => {
    const format = formatOf([
      { name: 'data', value: 'event.data' },
      { name: 'payload', value: 'event.payload' },
    ]);
    const payload = { $ref: '#/$defs/Id', $defs: { Id: { type: 'string' } } };
    const type = typeOf({ schema: DATA, versions: { 1: { schema: payload } } });
    expect(bodySchemaOf(format, type, '1')).toMatchObject({
      properties: { data: { properties: { id: { $ref: '#/$defs/Id' } } }, payload: { $ref: '#/$defs/Id_2' } },
      $defs: { Id: { type: 'integer' }, Id_2: { type: 'string' } },
    });
  });
});

describe('members of the payload among those of the envelope', () => {
  const format = formatOf([{ name: 'id', value: 'event.id' }, { spread: 'event.payload' }]);

  it('are there but for those whose names are taken', () => {
    const schema = { ...DATA, required: ['id', 'note'], additionalProperties: false };
    expect(bodySchemaOf(format, typeOf({ schema }), null)).toEqual({
      type: 'object',
      properties: {
        id: { type: 'string', pattern: '^evt_[0-9a-f]{32}$', description: expect.any(String) },
        note: { type: 'string' },
        rows: { type: 'array' },
      },
      required: ['id', 'note'],
      additionalProperties: false,
    });
  });

  it('say nothing of further members if they leave some of them open', () => {
    const closed = { ...DATA, additionalProperties: false };
    const patterned = { ...closed, patternProperties: { '^x': {} } };
    expect(bodySchemaOf(format, typeOf({ schema: patterned }), null)).not.toHaveProperty(
      'additionalProperties',
    );
  });

  it('are those of all the schemas it is composed of', () => {
    const part = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
    const schema = { allOf: [{ $ref: '#/$defs/Part' }, { properties: { b: {} } }], $defs: { Part: part } };
    expect(bodySchemaOf(format, typeOf({ schema }), null)).toMatchObject({
      properties: { a: { type: 'string' }, b: {} },
      required: ['id', 'a'],
    });
  });

  it('become one named data if the payload is no object', () => {
    expect(bodySchemaOf(format, typeOf({ schema: { type: 'array' } }), null)).toMatchObject({
      properties: { data: { type: 'array' } },
      required: ['id', 'data'],
    });
  });

  it('are not demanded if the payload may be something else', () => {
    const { type, ...untyped } = { ...DATA, additionalProperties: false };
    const body = bodySchemaOf(format, typeOf({ schema: { ...untyped, required: ['note'] } }), null);
    expect(body).toMatchObject({ required: ['id'] });
    const id = `evt_${'0'.repeat(32)}`;
    for (const sent of [
      { id, data: [7] },
      { id, note: 'a' },
    ])
      expect(compileSchema(body)(sent)).toEqual([]);
    expect(compileSchema(body)({ id, note: 7 })).not.toEqual([]);
  });
});
