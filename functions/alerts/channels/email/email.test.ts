import { createServer, type Server } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { selfSigned } from '../../../../test/support/selfSigned.ts';
import type { ChannelTarget, Message, SendOutcome } from '../channel.ts';
import { createChannels } from '../index.ts';
import { mailOf } from './mail.ts';

interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly secure: boolean;
  readonly user: string | undefined;
  readonly text: string;
}

const tls = selfSigned();
const defaults = getCACertificates('default');
const at = new Date('2026-11-22T12:00:00Z');
const mails: ReceivedMail[] = [];
const servers: { close(done: () => void): unknown }[] = [];
/** Reply codes of recipients that a test wants put off or refused. */
const replies = new Map<string, number>();

const message: Message = {
  deliveryId: 'delivery-1',
  alertId: 'alert-1',
  transition: 'opened',
  severity: 'critical',
  class: 'operational',
  title: 'Two files could not be read',
  detail: 'a.geo\nb.geo',
  organizationName: 'Org',
  runnerName: 'PC-7',
  jobName: null,
  occurredAt: at,
  openedAt: at,
  count: 1,
  url: 'https://sync.example/alerts/alert-1',
  runbookUrl: null,
};

beforeAll(() => {
  setDefaultCACertificates([...defaults, tls.cert]);
});
afterEach(() => {
  mails.length = 0;
  replies.clear();
});
afterAll(async () => {
  setDefaultCACertificates(defaults);
  for (const server of servers) await new Promise<void>((resolve) => void server.close(resolve));
});

async function startSmtp(options: SMTPServerOptions = {}): Promise<number> {
  const server = new SMTPServer({
    authOptional: true,
    ...tls,
    onAuth: ({ username, password }, _session, done) => {
      if (username === 'sync' && password === 'pass-w0rd') done(null, { user: username });
      else done(Object.assign(new Error(`bad ${String(password)}`), { responseCode: 535 }));
    },
    onRcptTo: ({ address }, _session, done) => {
      const responseCode = replies.get(address);
      if (responseCode === undefined) done();
      else done(Object.assign(new Error(`not ${address}`), { responseCode }));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          secure: session.secure,
          user: session.user,
          text: Buffer.concat(chunks).toString('utf8'),
        });
        done();
      });
    },
    ...options,
  });
  // A client that leaves in the middle is what some tests are about.
  server.on('error', () => undefined);
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return (server.server.address() as { port: number }).port;
}

function targetAt(port: number, more: Readonly<Record<string, unknown>> = {}): ChannelTarget {
  const config = {
    from: 'sync@sync.example',
    host: 'localhost',
    port,
    security: 'none',
    defaultRecipients: ['ops@example.com'],
  };
  return {
    channelId: 'c',
    name: 'mail',
    config: { ...config, ...more },
    secrets: { password: 'pass-w0rd' },
    recipients: [],
  };
}

async function send(
  target: ChannelTarget,
  more: Partial<Message> = {},
  allowPrivateAddresses = true,
): Promise<SendOutcome> {
  // Both families, as localhost has them on most machines; nothing listens on the first.
  const lookupAll = async () => [
    { address: '::1', family: 6 },
    { address: '127.0.0.1', family: 4 },
  ];
  const channel = createChannels({ allowPrivateAddresses, lookupAll }, () => at).get('email');
  return channel!.send({ ...message, ...more }, target, AbortSignal.timeout(20_000));
}

describe('the channel email', () => {
  it('S9 sends text and HTML with an id that is the same on every attempt', async () => {
    const target = targetAt(await startSmtp());
    expect(await send(target)).toEqual({ result: 'delivered', responseStatus: 250 });
    await send(target);
    expect(mails).toMatchObject([
      { from: 'sync@sync.example', to: ['ops@example.com'] },
      { text: expect.stringContaining('Message-ID: <delivery-1@sync.example>') as string },
    ]);
    const [mail] = mails;
    expect(mail?.text).toContain('Message-ID: <delivery-1@sync.example>');
    expect(mail?.text).toContain('References: <alert.alert-1@sync.example>');
    expect(mail?.text).toContain('Subject: [DataSync] CRITICAL: Two files could not be read');
    expect(mail?.text).toContain('Auto-Submitted: auto-generated');
    expect(mail?.text).toMatch(/Content-Type: text\/plain/);
    expect(mail?.text).toMatch(/Content-Type: text\/html/);
  });

  it('S9 the recipients of the rule come before those of the channel', async () => {
    const target = { ...targetAt(await startSmtp()), recipients: ['a@example.com', 'b@example.com'] };
    await send(target);
    expect(mails[0]?.to).toEqual(['a@example.com', 'b@example.com']);
  });

  it.each([
    ['tls', { secure: true }],
    ['starttls', {}],
  ] as const)('S9 speaks %s and signs in', async (security, options) => {
    const target = targetAt(await startSmtp(options), { security, user: 'sync' });
    expect((await send(target)).result).toBe('delivered');
    expect(mails).toMatchObject([{ secure: true, user: 'sync' }]);
  });

  it('S9 starttls sends nothing to a server that does not offer it', async () => {
    const target = targetAt(await startSmtp({ disabledCommands: ['STARTTLS'] }), {
      security: 'starttls',
      user: 'sync',
    });
    expect((await send(target)).result).toBe('refused');
    expect(mails).toEqual([]);
  });

  it('S9 sends nothing to a server whose certificate is for another name', async () => {
    const target = targetAt(await startSmtp({ secure: true }), {
      security: 'tls',
      host: 'mail.example',
      user: 'sync',
    });
    const outcome = await send(target);
    expect(outcome).toMatchObject({
      result: 'retry',
      error: expect.stringContaining('mail.example') as string,
    });
    expect(mails).toEqual([]);
  });

  it('S9 refuses to go without TLS, or into the network, where the settings do not allow it', async () => {
    const port = await startSmtp();
    expect(await send(targetAt(port), {}, false)).toMatchObject({ result: 'refused' });
    const guarded = await send(targetAt(port, { security: 'starttls' }), {}, false);
    expect(guarded).toMatchObject({ result: 'refused', error: expect.stringContaining('inside') as string });
    expect(mails).toEqual([]);
  });

  it('S9 a wrong password is a refusal that does not show it', async () => {
    const target = targetAt(await startSmtp(), { user: 'sync', security: 'starttls' });
    const outcome = await send({ ...target, secrets: { password: 'wr0ng-password' } });
    expect(outcome).toMatchObject({ result: 'refused', responseStatus: 535 });
    expect(JSON.stringify(outcome)).not.toContain('wr0ng-password');
  });

  it('S9 names those who are put off for the next attempt, and only those', async () => {
    const target = {
      ...targetAt(await startSmtp()),
      recipients: ['a@example.com', 'later@example.com', 'never@example.com'],
    };
    replies.set('later@example.com', 451).set('never@example.com', 550);
    expect(await send(target)).toMatchObject({
      result: 'retry',
      responseStatus: 451,
      remainingRecipients: ['later@example.com'],
      error: expect.stringContaining('never@example.com') as string,
    });
    expect(mails).toMatchObject([{ to: ['a@example.com'] }]);
  });

  it('S9 delivered to some and refused for good by others is delivered, with a warning', async () => {
    const target = { ...targetAt(await startSmtp()), recipients: ['a@example.com', 'never@example.com'] };
    replies.set('never@example.com', 550);
    const outcome = await send(target);
    expect(outcome).toMatchObject({
      result: 'delivered',
      warning: expect.stringContaining('never@example.com') as string,
    });
  });

  it.each([
    [451, 'retry'],
    [550, 'refused'],
  ])('S9 a %d for everybody means %s', async (code, result) => {
    replies.set('ops@example.com', code);
    expect(await send(targetAt(await startSmtp()))).toMatchObject({ result, responseStatus: code });
  });

  it.each([
    [421, 'retry'],
    [554, 'refused'],
  ])('S9 a %d to the mail itself means %s', async (responseCode, result) => {
    const onData: SMTPServerOptions['onData'] = (stream, _session, done) => {
      stream.resume().on('end', () => {
        done(Object.assign(new Error('no'), { responseCode }));
      });
    };
    expect(await send(targetAt(await startSmtp({ onData })))).toMatchObject({
      result,
      responseStatus: responseCode,
    });
  });

  it('S9 says to try again when nobody listens, or when nobody speaks', async () => {
    const silent: Server = createServer();
    await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const channel = createChannels({ allowPrivateAddresses: true }, () => at).get('email');
    const target = targetAt(port, { host: '127.0.0.1' });
    expect(await channel!.send(message, target, AbortSignal.timeout(300))).toMatchObject({
      result: 'retry',
      responseStatus: null,
    });
    await new Promise<void>((resolve) => void silent.close(() => resolve()));
    expect(await send(target)).toMatchObject({ result: 'retry', responseStatus: null });
  });

  it('S9 a mail with nobody to go to is refused', async () => {
    expect(await send(targetAt(1, { defaultRecipients: [] }))).toMatchObject({ result: 'refused' });
  });

  it('S9 a file name cannot add a header, a recipient or a line of ours', async () => {
    const title = 'x\r\nBcc: evil@example.com\r\n\r\nAll clear.\r\n.\r\nQUIT';
    const target = targetAt(await startSmtp());
    await send(target, {
      title,
      detail: `${title}\nRunner: PC-1`,
      runnerName: title,
      organizationName: title,
    });
    expect(mails).toMatchObject([{ to: ['ops@example.com'] }]);
    const head = mails[0]?.text.split('\r\n\r\n')[0] ?? '';
    expect(head).not.toMatch(/^Bcc:/im);
  });
});

describe('mailOf', () => {
  it('S9 no text of a message reaches another line of the subject, or HTML as markup', () => {
    const foreign = fc.string({ unit: 'binary' }).map((text) => `${text}\r\n<script>`);
    fc.assert(
      fc.property(foreign, (text) => {
        const mail = mailOf(
          { ...message, title: text, detail: text, runnerName: text, deliveryId: text },
          'example.com',
        );
        expect(mail.subject).not.toMatch(/\p{Cc}/u);
        expect(mail.messageId).toMatch(/^<[A-Za-z0-9._-]+@example\.com>$/);
        expect(mail.html).not.toContain('<script>');
        const lines = mail.text.split('\n');
        const ours = lines.filter((line) => !line.startsWith('  | ') && line !== '');
        const names = ['CRITICAL', 'Organization', 'Runner', 'Since', 'At', 'Alert', 'Open in DataSync'];
        expect(ours.map((line) => line.split(': ')[0])).toEqual(names);
      }),
    );
  });

  it('O8 S9 nor does any text in the tables of a report', () => {
    const foreign = fc.string({ unit: 'binary' }).map((text) => `${text}\r\n<script>\nSteps:`);
    fc.assert(
      fc.property(foreign, (text) => {
        const table = {
          title: 'Steps',
          columns: ['Step', 'Error'],
          rows: [[text, text]],
          note: 'And 3 more.',
        };
        const report = { lead: 'Cycle complete', facts: [{ name: 'Run', value: text }], tables: [table] };
        const alertFree = { alertId: null, openedAt: null, runnerName: null };
        const mail = mailOf({ ...message, ...alertFree, transition: 'report', report }, 'example.com');
        expect(mail.html).not.toContain('<script>');
        const ours = mail.text.split('\n').filter((line) => !line.startsWith('  | ') && line !== '');
        const names = [
          'Cycle complete',
          'Steps:',
          'And 3 more.',
          'Organization',
          'At',
          'Run',
          'Open in DataSync',
        ];
        expect(ours.map((line) => line.split(': ')[0])).toEqual(names);
      }),
    );
  });
});
