import { type EgressPolicy, judgeAddress } from './address.ts';

interface HostNameProblem {
  readonly ok: false;
  readonly code: 'url_host' | 'address_not_allowed';
  readonly message: string;
  readonly params?: { readonly host: string };
}

// DNS allows 63 bytes a label (RFC 1035, 2.3.4). Underscores aren't host names (RFC 952), but they are in use.
const label = /^[a-z0-9_-]{1,63}$/;

// Names for a local network: mDNS (RFC 6762), home networks (RFC 8375), and Google's metadata server.
const localNames = ['local', 'home.arpa', 'metadata.google.internal'];

/**
 * Decides whether a host name may be in a URL, before anything is resolved. Takes the host in the form the URL
 * parser gives it: lower case, Punycode. Returns what is wrong with it, or undefined.
 */
export function judgeHostName(host: string, policy: EgressPolicy): HostNameProblem | undefined {
  const name = withoutRoot(host);
  const labels = name.split('.');
  if (name.length > 253 || !labels.every((part) => label.test(part))) {
    return problem('The host is not a valid host name.');
  }
  // RFC 6761, 6.3: localhost names always mean loopback, whatever a resolver says.
  if (isLocalhost(name)) return judgeLocalhost(name, policy);
  const privateName = labels.length === 1 || isOrIsUnder(name, 'internal');
  const refused = localNames.some((local) => isOrIsUnder(name, local));
  // With an allow-list the server runs inside a network with such names; sending checks what they resolve to.
  if (refused || (privateName && policy.allow.length === 0)) {
    return problem(`${name} is a name of a private network. Use a host that is reachable from the internet.`);
  }
  return undefined;
}

/** Whether a name, in lower case, is `localhost` or one under it. */
export function isLocalhost(host: string): boolean {
  return isOrIsUnder(withoutRoot(host), 'localhost');
}

function judgeLocalhost(name: string, policy: EgressPolicy): HostNameProblem | undefined {
  if (['127.0.0.1', '::1'].some((address) => judgeAddress(address, policy).allowed)) return undefined;
  const message = `${name} is this server itself (loopback). Use a host that is reachable from the internet.`;
  return { ok: false, code: 'address_not_allowed', message, params: { host: name } };
}

function withoutRoot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host;
}

function isOrIsUnder(name: string, suffix: string): boolean {
  return name === suffix || name.endsWith(`.${suffix}`);
}

function problem(message: string): HostNameProblem {
  return { ok: false, code: 'url_host', message };
}
