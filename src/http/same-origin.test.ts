import { describe, expect, it } from 'vitest';
import { refuseCrossSite, requireSameOrigin } from './same-origin.ts';

const headers = (given: Record<string, string>) => (name: string) => given[name];
const HOST = { host: 'hooks.example:4400' };

const CASES: [given: Record<string, string>, publicUrl: string | undefined, same: boolean | undefined][] = [
  [{ 'sec-fetch-site': 'same-origin' }, undefined, true],
  [{ 'sec-fetch-site': 'same-site' }, undefined, false],
  [{ 'sec-fetch-site': 'cross-site', origin: 'http://hooks.example:4400' }, undefined, false],
  [{ 'sec-fetch-site': 'none' }, undefined, false],
  [{ origin: 'http://hooks.example:4400' }, undefined, true],
  [{ origin: 'http://hooks.example' }, undefined, false],
  [{ origin: 'http://evil.example' }, undefined, false],
  [{ origin: 'null' }, undefined, false],
  [{ origin: 'https://public.example' }, 'https://public.example', true],
  [{ origin: 'http://public.example' }, 'https://public.example', false],
  [{ origin: 'http://hooks.example:4400' }, 'https://public.example', false],
  [{}, undefined, undefined],
];

describe('where a request comes from', () => {
  it.each(CASES)('%j at %s', (given, publicUrl, same) => {
    const header = headers({ ...HOST, ...given });
    const strict = () => requireSameOrigin(header, publicUrl);
    const lenient = () => refuseCrossSite(header, publicUrl);
    if (same === true) strict();
    else expect(strict).toThrow('our own pages');
    if (same === false) expect(lenient).toThrow('our own pages');
    else lenient();
  });
});
