/** The one place a request goes to: the host of its URL, and the address chosen and judged for it. */
export interface Destination {
  readonly https: boolean;
  /** As in the URL: a host name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  readonly address: string;
  readonly family: 4 | 6;
  /** Whether `address` may be shown to the account. */
  readonly public: boolean;
  /** Whether a client certificate is at hand if the server asks for one. */
  readonly clientCertificate?: boolean;
}

/** Names the other side in public text: by its address if that is public, else as the account wrote it. */
export function peerName({ host, port, address, public: isPublic }: Destination): string {
  const shown = isPublic ? address : host;
  return shown.includes(':') ? `[${shown}]:${port}` : `${shown}:${port}`;
}
