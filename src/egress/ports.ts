// The ports above 1023 that WHATWG Fetch blocks ("bad port"): other protocols listen there, and a request
// to them could be taken for something else.
const badPorts = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
  10080,
]);

/** Says whether a webhook may be sent to this port: below 1024 only those of HTTP itself. */
export function isUsablePort(port: number): boolean {
  if (port < 1024) return port === 80 || port === 443;
  return !badPorts.has(port);
}
