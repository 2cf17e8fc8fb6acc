/** One block of a PEM text (RFC 7468). */
export interface PemBlock {
  /** `CERTIFICATE`, `EC PRIVATE KEY`, … */
  readonly label: string;
  /** The block by itself, from BEGIN to END. */
  readonly text: string;
  /** What its base64 stands for; of a block with headers inside (RFC 1421) it isn't of use. */
  readonly der: Buffer;
}

const BEGIN = /-----BEGIN ([A-Z0-9 ]{1,40})-----/g;

/**
 * Finds the blocks of a PEM text. What stands around them (names and attributes, as OpenSSL writes them) is
 * passed over; a block without its end, and all after it, is too. Takes time in proportion to the length of
 * the text.
 */
export function pemBlocks(text: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  let from = 0;
  for (;;) {
    BEGIN.lastIndex = from;
    const begin = BEGIN.exec(text);
    if (begin === null) return blocks;
    const [line, label = ''] = begin;
    const end = `-----END ${label}-----`;
    const bodyStart = begin.index + line.length;
    const bodyEnd = text.indexOf(end, bodyStart);
    if (bodyEnd === -1) return blocks;
    from = bodyEnd + end.length;
    blocks.push({
      label,
      text: `${text.slice(begin.index, from)}\n`,
      der: Buffer.from(text.slice(bodyStart, bodyEnd), 'base64'),
    });
  }
}
