import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { testServices } from '../../test/support/services.ts';
import { listAudits, runAudit } from './audit.ts';

let database: TestDatabase;
const parts = { timers: () => [] };
const request = { scope: null, trigger: 'manual', requestedBy: 'test', minVersion: '1.2' } as const;

beforeAll(async () => {
  database = await openTestDatabase();
  const created_at = new Date('2026-01-01T00:00:00Z');
  for (const id of ['org-a', 'org-b']) {
    await database.db.insertInto('organizations').values({ id, name: id, created_at }).execute();
  }
});
afterAll(() => database.close());

it('S11 runs on an empty platform, keeps the result and shows it to its organization only', async () => {
  const services = testServices({ database });
  const result = await runAudit(services, parts, { ...request, scope: 'org-b' });
  expect(result).toMatchObject({ verdict: 'warn', exitCode: 0, minVersion: '1.2' });
  expect(result.checks).toHaveLength(15);
  expect(await listAudits(database.db, 'org-b')).toEqual([result]);
  expect(await listAudits(database.db, 'org-a')).toEqual([]);
});

it('S11 says with exit code 2 that the audit itself failed, and keeps that too', async () => {
  const services = testServices({ database });
  const broken = { ...services, settings: { ...services.settings, AUDIT_LOOK_BACK_HOURS: 1e8 } };
  const result = await runAudit(broken, parts, request);
  expect(result).toMatchObject({ verdict: 'error', exitCode: 2 });
  const [latest] = await listAudits(database.db, null);
  expect(latest?.auditId).toBe(result.auditId);
});
