import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { onTestFinished } from 'vitest';

/** A mail as a server took it. */
export interface ReceivedMail {
  readonly from: string;
  /** Of the envelope. */
  readonly to: readonly string[];
  /** Headers and body, as they came. */
  readonly source: string;
}

export interface MailServer {
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  /** From now on every mail is refused for the moment, or taken again. */
  refuse(refuse: boolean): void;
  /** From the one after so many on every mail is refused. */
  refuseAfter(taken: number): void;
  refusals(): number;
}

/** A real SMTP server on this machine, which takes every mail. */
export async function startMailServer(): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  let refusing = false;
  let refusals = 0;
  let most = Number.POSITIVE_INFINITY;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onMailFrom: (_address, _session, done) => {
      if (!refusing && mails.length < most) return done();
      refusals += 1;
      return done(Object.assign(new Error('come back later'), { responseCode: 451 }));
    },
    onData: (stream, { envelope }, done) => {
      void text(stream).then((source) => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : '';
        mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), source });
        done();
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    refuse: (refuse) => {
      refusing = refuse;
      most = Number.POSITIVE_INFINITY;
    },
    refuseAfter: (taken) => {
      most = taken;
    },
    refusals: () => refusals,
  };
}

/** The subject of a mail and its text, as people read them (RFC 2047; RFC 2045, 6.7 and 6.8). */
export function readMail(source: string): { subject: string; text: string } {
  const [head = '', ...rest] = source.split('\r\n\r\n');
  const unfolded = head.replaceAll(/\r\n[ \t]+/g, ' ');
  const raw = /^Subject: (.*)$/m.exec(unfolded)?.[1] ?? '';
  const words = raw.replaceAll(/\?=\s+=\?/g, '?==?');
  const subject = words.replaceAll(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_, way: string, coded: string) =>
    way.toUpperCase() === 'B' ? Buffer.from(coded, 'base64').toString() : quoted(coded.replaceAll('_', ' ')),
  );
  const body = rest.join('\r\n\r\n');
  const isBase64 = /^Content-Transfer-Encoding: base64/im.test(unfolded);
  return { subject: subject.trim(), text: isBase64 ? Buffer.from(body, 'base64').toString() : quoted(body) };
}

function quoted(text: string): string {
  const bytes = text
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
