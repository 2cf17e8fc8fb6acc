import type { EgressPolicy } from '../egress/address.ts';
import type { Resolver } from '../egress/resolve.ts';
import { judgeUrl } from '../egress/url.ts';
import { invalid } from '../errors.ts';

/**
 * Checks a URL somebody wants requests sent to, and returns it normalised.
 *
 * @param path the field it was given in; `url` by default
 * @throws WaybillError `validation_failed`
 */
export type UrlRule = (url: string, path?: string) => Promise<string>;

// A name server that is slow now must not keep anybody from setting up a webhook.
const RESOLVE_TIMEOUT_MS = 1_500;

/**
 * Refuses what can be known to be out of bounds now. A name that can't be resolved yet is taken: the receiver
 * may not be up. Every send judges again, whatever was found here.
 */
export function createUrlRule(policy: EgressPolicy, resolve: Resolver): UrlRule {
  return async (text, path = 'url') => {
    const verdict = judgeUrl(text, policy);
    if (!verdict.ok) {
      const { code, message, params } = verdict;
      throw invalid([{ path, code, message, ...(params && { params }) }]);
    }
    const resolved = await resolve(verdict.host, RESOLVE_TIMEOUT_MS);
    if (!resolved.ok && resolved.failure.code === 'address_not_allowed') {
      const params = { host: verdict.host };
      throw invalid([{ path, code: 'address_not_allowed', message: resolved.failure.reason, params }]);
    }
    return verdict.url;
  };
}
