import ipaddr from 'ipaddr.js';

type Block<Address> = readonly [base: Address, bits: number, kind: string];

const metadata = 'cloud metadata';

// IANA IPv4 Special-Purpose Address Registry (RFC 6890 and its updates), multicast (RFC 5771), and the
// addresses clouds answer instance metadata on. The first match names the address, so narrow ones come first.
const specialV4: readonly Block<ipaddr.IPv4>[] = [
  v4('169.254.169.254/32', metadata), // AWS, Google, Azure and most others
  v4('169.254.170.2/32', metadata), // AWS ECS task credentials
  v4('100.100.100.200/32', metadata), // Alibaba
  v4('192.0.0.192/32', metadata), // Oracle
  v4('168.63.129.16/32', metadata), // Azure wire server: a public address that only answers inside Azure
  v4('0.0.0.0/32', 'unspecified'),
  v4('0.0.0.0/8', '"this network"'),
  v4('10.0.0.0/8', 'private'),
  v4('172.16.0.0/12', 'private'),
  v4('192.168.0.0/16', 'private'),
  v4('100.64.0.0/10', 'carrier-grade NAT'),
  v4('127.0.0.0/8', 'loopback'),
  v4('169.254.0.0/16', 'link-local'),
  v4('192.0.0.0/24', 'reserved'),
  v4('192.0.2.0/24', 'documentation'),
  v4('198.51.100.0/24', 'documentation'),
  v4('203.0.113.0/24', 'documentation'),
  v4('192.88.99.0/24', '6to4 relay'), // deprecated by RFC 7526
  v4('198.18.0.0/15', 'benchmarking'),
  v4('224.0.0.0/4', 'multicast'),
  v4('255.255.255.255/32', 'broadcast'),
  v4('240.0.0.0/4', 'reserved'),
];

// IANA IPv6 Special-Purpose Address Registry. 2001::/23 (IETF protocol assignments) is refused as a whole:
// the few globally reachable blocks within it (anycast services, AMT, ORCHIDv2) never hold a web server.
const specialV6: readonly Block<ipaddr.IPv6>[] = [
  v6('fd00:ec2::254/128', metadata), // AWS
  v6('fd20:ce::254/128', metadata), // Google
  v6('::/128', 'unspecified'),
  v6('::1/128', 'loopback'),
  v6('64:ff9b:1::/48', 'local-use NAT64'), // RFC 8215
  v6('100::/64', 'discard-only'),
  v6('100:0:0:1::/64', 'dummy prefix'), // RFC 9780
  v6('2001::/32', 'Teredo'),
  v6('2001:2::/48', 'benchmarking'),
  v6('2001:10::/28', 'ORCHID'),
  v6('2001:20::/28', 'ORCHID'),
  v6('2001::/23', 'IETF protocol assignment'),
  v6('2001:db8::/32', 'documentation'),
  v6('3fff::/20', 'documentation'), // RFC 9637
  v6('5f00::/16', 'segment routing'), // RFC 9602
  v6('fc00::/7', 'private'), // unique local, RFC 4193
  v6('fe80::/10', 'link-local'),
  v6('fec0::/10', 'site-local'), // deprecated by RFC 3879
  v6('ff00::/8', 'multicast'),
];

const ipv4Mapped = v6('::ffff:0:0/96', '');
const ipv4Compatible = v6('::/96', 'IPv4-compatible'); // deprecated by RFC 4291, 2.5.5.1
const nat64 = v6('64:ff9b::/96', ''); // RFC 6052
const sixToFour = v6('2002::/16', ''); // RFC 3056
const globalUnicast = v6('2000::/3', ''); // RFC 4291, 2.4: the rest isn't assigned to anyone

/** Says in plain words why an address isn't public, or undefined for a globally reachable unicast address. */
export function specialKind(address: ipaddr.IPv4 | ipaddr.IPv6): string | undefined {
  return address instanceof ipaddr.IPv4 ? kindIn(specialV4, address) : specialKindV6(address);
}

function specialKindV6(address: ipaddr.IPv6): string | undefined {
  const kind = kindIn(specialV6, address);
  if (kind !== undefined) return kind;
  const embedded = embeddedIpv4(address);
  const embeddedKind = embedded && kindIn(specialV4, embedded);
  if (embeddedKind !== undefined) return embeddedKind;
  if (within(address, ipv4Compatible)) return ipv4Compatible[2];
  const reachable = [globalUnicast, ipv4Mapped, nat64].some((block) => within(address, block));
  return reachable ? undefined : 'reserved';
}

/** The IPv4 address that a packet to this IPv6 address may end up at, when the address carries one. */
function embeddedIpv4(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  const bytes = address.toByteArray();
  if (within(address, sixToFour)) return new ipaddr.IPv4(bytes.slice(2, 6));
  const atTheEnd = [ipv4Mapped, ipv4Compatible, nat64].some((block) => within(address, block));
  return atTheEnd || isIsatap(address) ? new ipaddr.IPv4(bytes.slice(12)) : undefined;
}

/** ISATAP interface identifiers are 0000:5efe or 0200:5efe followed by the IPv4 address (RFC 5214, 6.1). */
function isIsatap(address: ipaddr.IPv6): boolean {
  const [flags, oui] = address.parts.slice(4, 6);
  return oui === 0x5efe && (flags === 0 || flags === 0x200);
}

function kindIn<Address extends ipaddr.IPv4 | ipaddr.IPv6>(
  blocks: readonly Block<Address>[],
  address: Address,
) {
  return blocks.find((block) => within(address, block))?.[2];
}

function within<Address extends ipaddr.IPv4 | ipaddr.IPv6>(address: Address, [base, bits]: Block<Address>) {
  return address.match(base, bits);
}

function v4(cidr: string, kind: string): Block<ipaddr.IPv4> {
  return [...ipaddr.IPv4.parseCIDR(cidr), kind];
}

function v6(cidr: string, kind: string): Block<ipaddr.IPv6> {
  return [...ipaddr.IPv6.parseCIDR(cidr), kind];
}
