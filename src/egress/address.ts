import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { misconfigured } from '../errors.ts';
import { specialKind } from './special-addresses.ts';

/** A parsed CIDR block: the network address and the length of its prefix. */
export type AddressRange = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Where this server may send to. `allow` is the operator's exception list, empty in production. */
export interface EgressPolicy {
  readonly allowHttp: boolean;
  readonly allow: readonly AddressRange[];
}

/** `public` says whether the address may be named to an account. `kind` is plain words: `link-local`. */
export type AddressVerdict =
  | { readonly allowed: true; readonly public: boolean }
  | { readonly allowed: false; readonly kind: string };

/**
 * Parses the value of `WAYBILL_EGRESS_ALLOW`: a comma-separated list of addresses and CIDR blocks, such as
 * `127.0.0.0/8,::1`. A bare address stands for itself only. Throws `misconfigured`, naming the item it can't read.
 */
export function parseAddressRanges(text: string): AddressRange[] {
  const items = text.split(',').map((item) => item.trim());
  return items.filter((item) => item !== '').map(parseRange);
}

function parseRange(item: string): AddressRange {
  const [base = '', prefix, ...rest] = item.split('/');
  const version = base.includes('%') ? 0 : isIP(base);
  const maxBits = version === 4 ? 32 : 128;
  const bits = prefix === undefined ? maxBits : Number(prefix);
  const wellFormed = prefix === undefined || /^\d{1,3}$/.test(prefix);
  if (version === 0 || rest.length > 0 || !wellFormed || bits > maxBits) {
    throw misconfigured(
      `WAYBILL_EGRESS_ALLOW: "${item}" is not an IP address or a CIDR block. ` +
        'Write a comma-separated list such as 10.1.0.0/16,127.0.0.1,fd00:1::/32.',
    );
  }
  return [parseAddress(base), bits];
}

/**
 * Decides whether a connection to this address may be opened. Only globally reachable unicast addresses are
 * public (the IANA special-purpose registries, RFC 6890); anything else needs an entry in `policy.allow`.
 * Takes an address in its usual notation, IPv6 without brackets. Never throws: what isn't an address is refused.
 */
export function judgeAddress(address: string, policy: EgressPolicy): AddressVerdict {
  // A zone id (RFC 4007) names an interface of this machine; nothing public has one.
  if (address.includes('%')) return { allowed: false, kind: 'address with a zone' };
  if (isIP(address) === 0) return { allowed: false, kind: 'not an IP address' };
  const parsed = parseAddress(address);
  const kind = specialKind(parsed);
  if (kind === undefined) return { allowed: true, public: true };
  if (isInAny(parsed, policy.allow)) return { allowed: true, public: false };
  return { allowed: false, kind };
}

function isInAny(address: ipaddr.IPv4 | ipaddr.IPv6, ranges: readonly AddressRange[]): boolean {
  if (ranges.length === 0) return false;
  if (ranges.some((range) => isIn(address, range))) return true;
  // The kernel connects ::ffff:127.0.0.1 to 127.0.0.1: it is the same destination (RFC 4291, 2.5.5.2).
  if (!(address instanceof ipaddr.IPv6) || !address.isIPv4MappedAddress()) return false;
  const mapped = address.toIPv4Address();
  return ranges.some((range) => isIn(mapped, range));
}

function isIn(address: ipaddr.IPv4 | ipaddr.IPv6, [base, bits]: AddressRange): boolean {
  return address.kind() === base.kind() && address.match(base, bits);
}

/** Takes a valid address. ipaddr.js would take `::8.8.8.8` for `::ffff:8.8.8.8`, so it gets IPv6 without dots. */
function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 {
  const tail = text.includes(':') && text.includes('.') ? text.slice(text.lastIndexOf(':') + 1) : '';
  if (tail === '') return ipaddr.parse(text);
  const [a = 0, b = 0, c = 0, d = 0] = tail.split('.').map(Number);
  const words = [a * 256 + b, c * 256 + d].map((word) => word.toString(16)).join(':');
  return ipaddr.parse(text.slice(0, -tail.length) + words);
}
