import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  addMailChannel,
  type Mailbox,
  openMailbox,
  type ReceivedMail,
} from '../../../test/support/mailbox.ts';
import { openRegisterBench, type RegisterBench } from '../../../test/support/registers.ts';
import { deliverDue } from '../../alerts/deliver.ts';
import { json } from '../../platform/database/index.ts';
import { sweepOrphans } from '../../sweepers/orphans.ts';
import { pauseRun, resumeRun, retryRun, terminateRun } from '../../workflows/controlRun.ts';
import { durableWork } from '../../workflows/durable/durableWork.ts';
import { recordNotStarted } from '../../workflows/schedule/notStarted.ts';
import { workOnSlice } from '../../workflows/worker.ts';
import { workflows } from '../index.ts';
import { cricosSync } from '../cricos/cricos.ts';

const COURSES = 60;
const PAGES_AT = 'https://sync.example';

let registers: RegisterBench;
let mailbox: Mailbox;
beforeAll(async () => {
  registers = await openRegisterBench({ sizes: { cricos: COURSES } });
  mailbox = await openMailbox();
});
afterAll(async () => {
  await mailbox.close();
  await registers.close();
});
beforeEach(async () => {
  await registers.clear();
  Object.assign(registers.bench.services.settings, { PUBLIC_ORIGINS: PAGES_AT });
  for (const table of ['notifications', 'alert_rules', 'alerts', 'notification_channels'] as const)
    await db().deleteFrom(table).execute();
  await addMailChannel(db(), mailbox, 'mail', ['ops@example.org']);
});

const db = () => registers.bench.database.db;
const by = (runId: string) => ({ organizationId: 'org', runId, by: 'ada@example.org' });
const courses = () => registers.server.parties.cricos.tables.courses;

async function addRule(name: string, match: object, recipients: readonly string[]): Promise<void> {
  const at = new Date();
  const rule = { id: name, organization_id: 'org', name, position: 10, enabled: true, version: 1 };
  const routes = json([{ channelId: 'mail', recipients: [...recipients] }]);
  await db()
    .insertInto('alert_rules')
    .values({ ...rule, match_json: json(match), routes_json: routes, created_at: at, updated_at: at })
    .execute();
}

/** What the mail server got until now. */
async function mails(): Promise<ReceivedMail[]> {
  await deliverDue(registers.bench.services);
  return mailbox.take();
}

async function onlyMail(): Promise<ReceivedMail> {
  const all = await mails();
  expect(all.map(({ subject }) => subject)).toHaveLength(1);
  return all[0]!;
}

/** A first cycle, whose mail is put aside. */
async function firstCycle(): Promise<string> {
  const runId = await registers.cycle(cricosSync);
  await mails();
  return runId;
}

/** Starts a cycle and works on its first slice only. */
async function begun(): Promise<string> {
  registers.bench.services.advance(3_600_000);
  const runId = await registers.bench.start(cricosSync);
  await registers.bench.work(cricosSync);
  return runId;
}

/** A change for the time of a test. */
async function expiring<Result>(index: number, work: (code: string) => Promise<Result>): Promise<Result> {
  const course = courses()[index];
  if (course === undefined) throw new Error('there is no such course');
  const before = course['Expired'] ?? null;
  course['Expired'] = before === 'Yes' ? 'No' : 'Yes';
  try {
    return await work(String(course['CRICOS Course Code']));
  } finally {
    course['Expired'] = before;
  }
}

describe('a cycle that comes to its snapshot', () => {
  it('O8 is one mail, as text and HTML: what its run changed, the health of its steps, the run’s page', async () => {
    await firstCycle();
    await expiring(0, async (code) => {
      const earlier = await registers.cycle(cricosSync);
      await mails();
      await expiring(1, async (other) => {
        const runId = await registers.cycle(cricosSync);
        const mail = await onlyMail();
        expect(mail.to).toEqual(['ops@example.org']);
        expect(mail.subject).toBe('[DataSync] Cycle complete: cricos_sync: 1 change');
        for (const part of [mail.text, mail.html]) {
          expect(part).toContain(other);
          expect(part).not.toContain(code);
          expect(part).toContain('What changed');
          for (const step of ['volume_check_courses', 'ingest_courses', 'write_snapshot'])
            expect(part).toContain(step);
          expect(part).toContain(`${PAGES_AT}/runs/${runId}`);
          expect(part).not.toContain(earlier);
        }
        expect(mail.text).toMatch(/\| status changed +course +\S+ +Current +Expired/);
        expect(mail.text).toMatch(/\| ingest_courses +complete +60 +1 /);
        expect(mail.text).toMatch(/\| write_snapshot +complete/);
        expect(mail.text).toMatch(/\| course +Current +\d+/);
        expect(mail.html).toContain('<td');
      });
    });
  });

  it('O8 says of the first that it is the beginning, and of one without changes that nothing changed', async () => {
    await registers.cycle(cricosSync);
    expect((await onlyMail()).text).toContain('This is the first cycle that came to its end');
    await registers.cycle(cricosSync);
    const second = await onlyMail();
    expect(second.subject).toBe('[DataSync] Cycle complete: cricos_sync: 0 changes');
    expect(second.text).toContain('Nothing changed.');
  });

  it('O8 B32 sends nothing twice when messages come again, and keeps its id when the mail server was away', async () => {
    await firstCycle();
    registers.bench.services.advance(3_600_000);
    const runId = await registers.bench.start(cricosSync);
    while (registers.bench.services.sent.length > 0) {
      const [message] = registers.bench.services.sent;
      await registers.bench.work(cricosSync);
      if (message !== undefined) expect(await registers.bench.work(cricosSync, message)).toBe('stale');
    }
    const { slice } = await registers.bench.run(runId);
    await workOnSlice([durableWork(cricosSync)], { runId, slice }, registers.bench.services);
    await onlyMail();
    await db()
      .updateTable('notifications')
      .set({ status: 'pending', next_attempt_at: new Date(0) })
      .execute();
    const again = await mails();
    expect(new Set(again.map(({ messageId }) => messageId)).size).toBe(again.length);
    const rows = await db().selectFrom('notifications').selectAll().execute();
    expect(rows.map(({ dedup_key }) => dedup_key)).toContain(`cycle:${runId}:snapshot:mail`);
    expect(rows).toHaveLength(2);
  });

  it('O8 O4 shows the status that every page shows, also of one that read far less than usual', async () => {
    for (let cycle = 0; cycle < 3; cycle += 1) await firstCycle();
    await db().updateTable('sync_runs').set({ records_in: 100_000 }).execute();
    const runId = await registers.cycle(cricosSync);
    const mail = await onlyMail();
    const { status, status_reason: reason } = await registers.bench.run(runId);
    expect(status).toBe('partial');
    expect(mail.subject).toBe('[DataSync] Cycle partial: cricos_sync: 0 changes');
    expect(mail.text).toContain(`In doubt: ${reason ?? ''}`);
  });

  it('O8 of many changes it shows some of each kind, and counts the others', async () => {
    await firstCycle();
    const rest = courses().splice(30);
    await registers.cycle(cricosSync, { acceptFall: true });
    const mail = await onlyMail();
    expect(mail.subject).toBe('[DataSync] Cycle complete: cricos_sync: 30 changes');
    expect(mail.text.match(/\| disappeared/g)).toHaveLength(25);
    expect(mail.text).toContain('And 5 more changes: see its page.');
    courses().push(...rest);
  });

  it('O8 foreign text forges neither line, markup nor header', async () => {
    await firstCycle();
    const [course] = courses();
    if (course === undefined) throw new Error('there is no course');
    const before = course['Course Name'] ?? null;
    course['Course Name'] =
      '<img src=x>\r\nBcc: evil@example.org\r\n\r\nSteps:\r\nOpen in DataSync: https://evil.example';
    await registers.cycle(cricosSync);
    course['Course Name'] = before;
    const mail = await onlyMail();
    expect(mail.to).toEqual(['ops@example.org']);
    expect(mail.html).not.toContain('<img');
    expect(mail.html).toContain('&lt;img');
    const lines = mail.text.split('\n').filter((line) => line.includes('evil'));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.every((line) => line.startsWith('  | '))).toBe(true);
    expect(mail.html).not.toContain('href="https://evil');
  });
});

describe('a cycle that does not get there', () => {
  it('O8 O6 stopped by the volume check is a notice with the reason, and no report', async () => {
    await firstCycle();
    registers.server.faults.add({ party: 'cricos', kind: 'emptied', on: 'resource_id=courses&', times: 100 });
    const runId = await registers.cycle(cricosSync);
    const mail = await onlyMail();
    expect(mail.subject).toMatch(/^\[DataSync\] Cycle failed: cricos_sync: volume_check: /);
    expect(mail.text).toContain('a fall of 100 %');
    expect(mail.text).toContain('Nothing was deleted');
    expect(mail.text).toMatch(/\| ingest_courses +failed/);
    expect(mail.text).toMatch(/\| write_snapshot +pending/);
    for (const part of [mail.text, mail.html]) expect(part).toContain(`${PAGES_AT}/runs/${runId}`);
  });

  it('O8 told once, however often it fails; its report follows when a retry brings it to its end', async () => {
    await firstCycle();
    const fault = {
      party: 'cricos',
      kind: 'status',
      status: 404,
      on: 'resource_id=locations',
      times: 2,
    } as const;
    registers.server.faults.add(fault);
    await expiring(2, async (code) => {
      const runId = await registers.cycle(cricosSync);
      const notice = await onlyMail();
      expect(notice.subject).toContain('Cycle failed');
      expect(notice.text).toContain('What changed until then');
      expect(notice.text).toContain(code);
      await registers.bench.retry(cricosSync, runId);
      expect(await mails()).toEqual([]);
      await registers.bench.retry(cricosSync, runId);
      const report = await onlyMail();
      expect(report.subject).toBe('[DataSync] Cycle complete: cricos_sync: 1 change');
      expect(report.text).toContain(code);
    });
  });

  it('O8 W2 terminated says who ended it; a paused one says nothing', async () => {
    await firstCycle();
    const { services } = registers.bench;
    const runId = await begun();
    await pauseRun(services, by(runId));
    expect(await mails()).toEqual([]);
    await resumeRun(services, by(runId));
    await terminateRun(services, workflows, by(runId));
    const mail = await onlyMail();
    expect(mail.subject).toBe('[DataSync] Cycle terminated: cricos_sync: terminated by ada@example.org');
    expect(mail.text).toContain('It is over for good');
    await terminateRun(services, workflows, by(runId));
    expect(await mails()).toEqual([]);
  });

  it('O8 one that was told of at its snapshot sends no notice, whatever becomes of its run', async () => {
    const runId = await firstCycle();
    await db().updateTable('sync_runs').set({ status: 'stale' }).where('id', '=', runId).execute();
    await terminateRun(registers.bench.services, workflows, by(runId));
    expect(await mails()).toEqual([]);
  });

  it('O8 S1 fallen silent is a notice; the report follows when somebody retries it', async () => {
    await firstCycle();
    const { services } = registers.bench;
    const runId = await begun();
    await db().updateTable('sync_runs').set({ next_slice_at: null }).where('id', '=', runId).execute();
    services.advance(60 * 60_000);
    await sweepOrphans(services, workflows);
    expect((await onlyMail()).subject).toMatch(/Cycle fell silent: cricos_sync: no sign of life for \d+ min/);
    await retryRun(services, workflows, by(runId));
    await registers.bench.workAll(cricosSync);
    expect((await onlyMail()).subject).toContain('Cycle complete');
  });

  it('O8 B45 never started says so', async () => {
    const dueAt = new Date('2026-04-13T02:00:00Z');
    const reason = 'never started: the platform was down when it was due';
    const occurrence = { organizationId: 'org', dueAt, reason };
    expect(await recordNotStarted(registers.bench.services, cricosSync, occurrence)).toBe(true);
    const mail = await onlyMail();
    expect(mail.subject).toContain('Cycle never started: cricos_sync');
    expect(mail.text).toContain('the platform was down when it was due');
    expect(mail.text).toContain('Due: 2026-04-13 02:00 UTC');
    expect(mail.text).toContain('it can still be started');
  });

  it('O8 interrupted again and again it fails as fatal, and that is a notice too', async () => {
    const runId = await begun();
    await db().updateTable('sync_runs').set({ slice_attempts: 5 }).where('id', '=', runId).execute();
    await registers.bench.workAll(cricosSync);
    expect(await registers.bench.run(runId)).toMatchObject({ status: 'failed' });
    const mail = await onlyMail();
    expect(mail.subject).toContain('Cycle failed: cricos_sync: Slice');
    expect(mail.text).toMatch(/\| fatal +failed/);
  });
});

describe('who gets it', () => {
  it('O8 S8 whom a rule names that names the workflow or all cycles; then nobody else', async () => {
    await addMailChannel(db(), mailbox, 'second', ['second@example.org']);
    await registers.cycle(cricosSync);
    expect((await mails()).flatMap(({ to }) => to).sort()).toEqual(['ops@example.org', 'second@example.org']);
    await addRule('bad', { minSeverity: 'warning', sources: ['register-cycles'] }, ['boss@example.org']);
    await registers.cycle(cricosSync);
    expect(await mails()).toEqual([]);
    await addRule('all', { minSeverity: 'info', sources: ['cricos_sync'] }, ['registrar@example.org']);
    await registers.cycle(cricosSync);
    expect((await onlyMail()).to).toEqual(['registrar@example.org']);
    registers.server.faults.add({ party: 'cricos', kind: 'status', status: 404 });
    await registers.cycle(cricosSync);
    expect((await onlyMail()).to).toEqual(['registrar@example.org']);
  });

  it('O8 no rule of alerts sends a report, and no channel but e-mail takes one', async () => {
    await addRule('alerts', { minSeverity: 'info' }, ['pager@example.org']);
    const at = new Date();
    const hook = {
      id: 'hook',
      organization_id: 'org',
      kind: 'webhook',
      name: 'hook',
      enabled: true,
    } as const;
    await db()
      .insertInto('notification_channels')
      .values({ ...hook, config_json: json({}), version: 1, created_at: at, updated_at: at })
      .execute();
    await registers.cycle(cricosSync);
    expect((await onlyMail()).to).toEqual(['ops@example.org']);
    const told = await db().selectFrom('notifications').select('channel_id').execute();
    expect(told).toEqual([{ channel_id: 'mail' }]);
  });

  it('O8 every workflow that walks a register tells of its end', () => {
    const telling = workflows.flatMap(({ name, onEnd }) => (onEnd === undefined ? [] : [name]));
    expect(telling.sort()).toEqual([
      'cricos_sync',
      'enrich_sync',
      'ops_tender_sync',
      'teqsa_sync',
      'tga_sync',
    ]);
  });
});
