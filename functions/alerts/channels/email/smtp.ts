import { connect } from 'node:net';
import { pinnedTo } from '../../../platform/outbound/pinnedLookup.ts';
import type { ResolveOutside } from '../../../platform/outbound/resolveOutside.ts';
import type { EmailConfiguration } from './configuration.ts';
import type { Mail } from './mail.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const GREETING_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 20_000;

/** What the server said of a mail that it took for somebody. */
export interface SmtpReport {
  readonly rejected: readonly Rejection[];
}

/** A recipient that the server did not take. */
export interface Rejection {
  readonly recipient: string;
  /** SMTP's reply code; 5xx: for good. */
  readonly responseCode: number | undefined;
  readonly response: string;
}

export interface SmtpRequest {
  readonly configuration: EmailConfiguration;
  readonly password: string | undefined;
  readonly recipients: readonly string[];
  readonly mail: Mail;
  readonly signal: AbortSignal;
}

/**
 * Sends one mail over one connection, to an address that was checked. TLS is checked against the configured name;
 * `starttls` refuses a server that does not offer it. Rejects with nodemailer's errors, or with OutsideFault.
 */
export async function sendBySmtp(resolveOutside: ResolveOutside, request: SmtpRequest): Promise<SmtpReport> {
  const { configuration, password, recipients, mail, signal } = request;
  const { host, port, security, user, from } = configuration;
  const addresses = await resolveOutside(host);
  // Loaded by the first mail: every start of the app would pay for it otherwise.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: GREETING_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    getSocket: (_options, callback) => {
      const socket = connect({
        host,
        port,
        lookup: pinnedTo(addresses),
        timeout: CONNECT_TIMEOUT_MS,
        signal,
      });
      const fail = (error: Error): void => {
        callback(error, false);
      };
      socket.once('error', fail);
      socket.once('timeout', () => socket.destroy(new Error(`${host} did not take the connection in time`)));
      socket.once('connect', () => {
        socket.off('error', fail);
        socket.setTimeout(0);
        callback(null, { connection: socket });
      });
    },
  });
  const sent = await transport.sendMail({
    ...mail,
    headers: { ...mail.headers },
    inReplyTo: mail.references,
    from: { name: 'DataSync', address: from },
    to: recipients.map((address) => ({ name: '', address })),
    envelope: { from, to: [...recipients] },
    signal,
  });
  return { rejected: rejectionsOf(sent) };
}

/** Of a report or of an error: both name those that the server did not take. */
export function rejectionsOf(said: unknown): readonly Rejection[] {
  const errors = (said as { rejectedErrors?: unknown } | null)?.rejectedErrors;
  if (!Array.isArray(errors)) return [];
  return errors.map((error: { recipient?: unknown; responseCode?: unknown; response?: unknown }) => ({
    recipient: String(error.recipient),
    responseCode: typeof error.responseCode === 'number' ? error.responseCode : undefined,
    response: String(error.response),
  }));
}
