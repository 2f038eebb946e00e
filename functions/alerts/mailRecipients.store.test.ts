import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { testServices, type TestServices } from '../../test/support/services.ts';
import { json } from '../platform/database/index.ts';
import { deliverDue } from './deliver.ts';
import { reconcileFindings } from './index.ts';

let database: TestDatabase;
let services: TestServices;
const mails: { readonly to: readonly string[]; readonly messageId: string | undefined }[] = [];
const putOff = new Map<string, number>();

const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  onRcptTo: ({ address }, _session, done) => {
    const responseCode = putOff.get(address);
    done(responseCode === undefined ? null : Object.assign(new Error('not now'), { responseCode }));
  },
  onData: (stream, { envelope }, done) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const messageId = /^Message-ID: (.*)$/m.exec(Buffer.concat(chunks).toString())?.[1];
      mails.push({ to: envelope.rcptTo.map(({ address }) => address), messageId });
      done();
    });
  },
});

beforeAll(async () => {
  await new Promise<void>((resolve) => void smtp.listen(0, '127.0.0.1', resolve));
  const { port } = smtp.server.address() as { port: number };
  database = await openTestDatabase();
  services = testServices({ database });
  const at = services.now();
  await database.db.insertInto('organizations').values({ id: 'org', name: 'Org', created_at: at }).execute();
  const config = {
    from: 'sync@example.org',
    host: '127.0.0.1',
    port,
    security: 'none',
    defaultRecipients: ['now@example.org', 'later@example.org', 'never@example.org'],
  };
  await database.db
    .insertInto('notification_channels')
    .values({
      id: 'mail',
      organization_id: 'org',
      kind: 'email',
      name: 'mail',
      enabled: true,
      config_json: json(config),
      version: 1,
      created_at: at,
      updated_at: at,
    })
    .execute();
});
afterAll(async () => {
  await new Promise<void>((resolve) => {
    smtp.close(resolve);
  });
  await database.close();
});

it('S9 a mail that reached some is repeated to those who were put off only, and all hear of the end', async () => {
  const finding = {
    organizationId: 'org',
    fingerprint: 'problem',
    severity: 'critical',
    class: 'operational',
    title: 'A problem',
    detail: '',
  } as const;
  putOff.set('later@example.org', 451).set('never@example.org', 550);
  await reconcileFindings(services, { source: 'test', findings: [finding], at: services.now() });
  putOff.delete('later@example.org');
  services.advance(3_600_000);
  await deliverDue(services);
  await deliverDue(services);
  expect(mails.map(({ to }) => to)).toEqual([['now@example.org'], ['later@example.org']]);
  expect(mails[1]?.messageId).toBe(mails[0]?.messageId);

  const deliveries = database.db.selectFrom('notifications').select(['status', 'recipients_json']);
  expect(await deliveries.execute()).toEqual([
    { status: 'delivered', recipients_json: ['now@example.org', 'later@example.org', 'never@example.org'] },
  ]);
  await reconcileFindings(services, { source: 'test', findings: [], at: services.now() });
  expect(mails.at(-1)?.to).toEqual(['now@example.org', 'later@example.org']);
  const last = database.db.selectFrom('notifications').selectAll().where('transition', '=', 'resolved');
  expect(await last.execute()).toMatchObject([
    { status: 'delivered', last_error: expect.stringContaining('never@example.org') as string },
  ]);
});
