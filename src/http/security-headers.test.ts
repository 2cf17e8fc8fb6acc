import { describe, expect, it } from 'vitest';
import { loadConfig } from '../config.ts';
import { pageHeaders } from './security-headers.ts';

const configOf = (environment: Record<string, string> = {}) => loadConfig({}, environment);
const directives = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    (headers['content-security-policy'] ?? '').split('; ').map((directive) => {
      const [name = '', ...values] = directive.split(' ');
      return [name, values.join(' ')];
    }),
  );

describe('the headers of pages', () => {
  it('let scripts come as our own files alone', () => {
    const policy = directives(pageHeaders(configOf(), '/', 'n0nce'));
    expect(policy['default-src']).toBe("'none'");
    expect(policy['script-src']).toBe("'self'");
    expect(policy['style-src']).toBe("'self' 'nonce-n0nce'");
    expect(policy['connect-src']).toBe("'self'");
    expect(policy['base-uri']).toBe("'none'");
    expect(policy['form-action']).toBe("'self'");
  });

  it('forbid frames, but for the portal by the configured origins', () => {
    const config = configOf({ WAYBILL_FRAME_ORIGINS: 'https://shop.example, https://admin.shop.example' });
    for (const path of [
      '/',
      '/setup',
      '/sign-in',
      '/portals',
      '/accounts/portal',
      '/portal/webhooks',
      '/portal//',
      '/Portal',
    ]) {
      const headers = pageHeaders(config, path, 'n0nce');
      expect(directives(headers)['frame-ancestors'], path).toBe("'none'");
      expect(headers['x-frame-options'], path).toBe('DENY');
    }
    for (const path of ['/portal', '/portal/']) {
      const headers = pageHeaders(config, path, 'n0nce');
      expect(directives(headers)['frame-ancestors'], path).toBe(
        'https://shop.example https://admin.shop.example',
      );
      expect(headers['x-frame-options'], path).toBeUndefined();
    }
    expect(directives(pageHeaders(configOf(), '/portal', 'n0nce'))['frame-ancestors']).toBe("'none'");
  });

  it('let the logo come from where it is', () => {
    const config = configOf({ WAYBILL_BRAND_LOGO_URL: 'https://cdn.shop.example/logo.svg' });
    expect(directives(pageHeaders(config, '/', 'n0nce'))['img-src']).toBe(
      "'self' data: https://cdn.shop.example",
    );
  });

  it('ask for https where people come by it', () => {
    const secure = pageHeaders(configOf({ WAYBILL_PUBLIC_URL: 'https://hooks.example' }), '/', 'n0nce');
    expect(secure['strict-transport-security']).toBe('max-age=15552000');
    expect(pageHeaders(configOf(), '/', 'n0nce')['strict-transport-security']).toBeUndefined();
  });
});

describe('what is configured of pages', () => {
  it.each([
    ['WAYBILL_PUBLIC_URL', 'hooks.example'],
    ['WAYBILL_PUBLIC_URL', 'https://hooks.example/path'],
    ['WAYBILL_PUBLIC_URL', 'https://user:pw@hooks.example'],
    ['WAYBILL_FRAME_ORIGINS', "https://a.example; script-src 'unsafe-inline'"],
    ['WAYBILL_FRAME_ORIGINS', '*'],
    ['WAYBILL_FRAME_ORIGINS', 'https://a.example/page'],
    ['WAYBILL_BRAND_LOGO_URL', 'http://a.example/logo.png'],
    ['WAYBILL_BRAND_LOGO_URL', 'javascript:alert(1)'],
    ['WAYBILL_BRAND_COLOR', 'red'],
    ['WAYBILL_BRAND_COLOR', '#1a7f37;}'],
    ['WAYBILL_BRAND_NAME', 'a\nb'],
  ])('%s may not be %s', (name, value) => {
    expect(() => configOf({ [name]: value })).toThrow(name);
  });
});
