import { SMTPServer } from 'smtp-server';
import { type Db, json } from '../../functions/platform/database/index.ts';

export interface ReceivedMail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly messageId: string;
  /** As it came. */
  readonly raw: string;
  /** Decoded parts. */
  readonly text: string;
  readonly html: string;
}

export interface Mailbox {
  readonly port: number;
  /** Takes out what came since it was last asked. */
  take(): ReceivedMail[];
  close(): Promise<void>;
}

/** A real SMTP server on 127.0.0.1, without TLS, that takes every mail. */
export async function openMailbox(): Promise<Mailbox> {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = envelope.rcptTo.map(({ address }) => address);
        mails.push(mailOf(Buffer.concat(chunks).toString('utf8'), to));
        done();
      });
    },
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as { port: number }).port,
    take: () => mails.splice(0),
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  };
}

/** A channel of organization `org` through which mails come to the mailbox. */
export async function addMailChannel(
  db: Db,
  { port }: Mailbox,
  id: string,
  defaultRecipients: readonly string[],
): Promise<void> {
  const at = new Date();
  const server = { host: '127.0.0.1', port, security: 'none', from: 'sync@example.org' };
  const channel = { id, organization_id: 'org', kind: 'email', name: id, enabled: true } as const;
  const config_json = json({ ...server, defaultRecipients: [...defaultRecipients] });
  await db
    .insertInto('notification_channels')
    .values({ ...channel, config_json, version: 1, created_at: at, updated_at: at })
    .execute();
}

function mailOf(raw: string, to: readonly string[]): ReceivedMail {
  const head = headOf(raw);
  const boundary = /boundary="?([^";\r\n]+)"?/.exec(head)?.[1] ?? '';
  const parts = raw.split(`--${boundary}`).slice(1, -1);
  const partOf = (type: string): string => decoded(parts.find((part) => headOf(part).includes(type)) ?? '');
  return {
    to,
    subject: headerOf(head, 'Subject'),
    messageId: headerOf(head, 'Message-ID'),
    raw,
    text: partOf('text/plain'),
    html: partOf('text/html'),
  };
}

const headOf = (part: string): string => part.trimStart().split('\r\n\r\n')[0] ?? '';

/** Unfolded; encoded words (RFC 2047) in UTF-8 are decoded. */
function headerOf(head: string, name: string): string {
  const line = new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, 'im').exec(head)?.[1] ?? '';
  return line
    .replace(/\r\n[ \t]/g, ' ')
    .replace(/\?= =\?/g, '?==?')
    .replace(/=\?utf-8\?q\?(.*?)\?=/gi, (_, text: string) => unquoted(text.replaceAll('_', ' ')))
    .replace(/=\?utf-8\?b\?(.*?)\?=/gi, (_, text: string) => Buffer.from(text, 'base64').toString('utf8'));
}

function decoded(part: string): string {
  const body = part.trimStart().split('\r\n\r\n').slice(1).join('\r\n\r\n');
  const encoding = headerOf(headOf(part), 'Content-Transfer-Encoding').toLowerCase();
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  return encoding === 'quoted-printable' ? unquoted(body) : body.replaceAll('\r\n', '\n');
}

/** Quoted-printable (RFC 2045 6.7). */
function unquoted(text: string): string {
  const bytes = text
    .replace(/=\r\n/g, '')
    .replaceAll('\r\n', '\n')
    .replace(/=([0-9A-F]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
