import { expect, it } from 'vitest';
import { databaseName } from './database-name.ts';

it.each([
  ['postgres://anna:secret@db.example:5433/waybill', 'db.example:5433/waybill'],
  ['postgres://anna:sec%40ret@db.example/waybill?password=secret', 'db.example:5432/waybill'],
  ['postgresql://db.example', 'db.example:5432'],
  ['postgres:///waybill?host=/run/postgresql', 'waybill on this machine'],
  ['postgres://anna:sec/ret@db.example/waybill', 'named by DATABASE_URL'],
])('%s is named %s, without user and password', (url, name) => {
  expect(databaseName(url)).toBe(name);
});
