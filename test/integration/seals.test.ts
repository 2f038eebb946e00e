import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { archiveHandlers } from '../../functions/archive/index.ts';
import { json } from '../../functions/platform/database/index.ts';
import { pathKey } from '../../shared/domain/paths.ts';
import { type ApiAnswer, callApi } from '../support/call-api.ts';
import { type HostedApp, startHostedApp } from '../support/hosted-app.ts';

/** The endpoints of seals as callers meet them: rights, tenants, what is refused and what is written down. */
let hosted: HostedApp;
const keys = { r1: 'key-of-r1', r2: 'key-of-r2', other: 'key-of-another-tenant' };
const day = 24 * 3_600_000;

beforeAll(async () => {
  hosted = await startHostedApp({ handlers: archiveHandlers });
  await db()
    .insertInto('organizations')
    .values({ id: 'elsewhere', name: 'E', created_at: new Date() })
    .execute();
  await addRunner('r1', 'default');
  await addRunner('r2', 'default');
  await addRunner('other', 'elsewhere');
});
beforeEach(async () => {
  for (const table of ['sealed_folders', 'synced_folders', 'audit_log', 'state_changes'] as const)
    await db().deleteFrom(table).execute();
  await addFolder('r1.job', '2026-04-13');
  await addFolder('r1.job', '2026/04/14');
  await addFolder('r1.job', '2026-04-15', { proved_at: null });
  await addFolder('other.job', '2026-04-13');
});
afterAll(() => hosted.close());

const db = () => hosted.database.db;

async function addRunner(id: 'r1' | 'r2' | 'other', organization_id: string): Promise<void> {
  const at = new Date();
  const key_hash = createHash('sha256').update(keys[id]).digest('hex');
  const dates = { version: 1, created_at: at, updated_at: at };
  const names = { name: id, host_name: 'pc', platform: 'linux', time_zone: 'UTC', share_name: id };
  await db()
    .insertInto('runners')
    .values({
      id,
      organization_id,
      key_hash,
      key_slot: key_hash,
      status: 'active',
      generation: 1,
      ...names,
      ...dates,
    })
    .execute();
  await db()
    .insertInto('jobs')
    .values({
      id: `${id}.job`,
      organization_id,
      runner_id: id,
      name: 'job',
      kind: 'geometry',
      source_path: '/data',
      share_name: id,
      share_path: '',
      schedule_seconds: 300,
      include_json: json([]),
      exclude_json: json([]),
      enabled: true,
      config_version: 1,
      ...dates,
    })
    .execute();
}

async function addFolder(job_id: string, folder: string, more: { proved_at?: null } = {}): Promise<void> {
  const changed_at = new Date(Date.now() - 3 * day);
  await db()
    .insertInto('synced_folders')
    .values({
      job_id,
      folder_key: pathKey(folder),
      folder,
      digest: 'a'.repeat(64),
      file_count: 7,
      generation: 0,
      updated_at: changed_at,
      changed_at,
      proved_at: new Date(Date.now() - day),
      ...more,
    })
    .execute();
}

const asAdmin = { authorization: `Bearer ` };
function admin(method: string, path: string): Promise<ApiAnswer> {
  return callApi(hosted.url, path, {
    method,
    headers: { authorization: asAdmin.authorization + hosted.admin.token },
  });
}
function agent(id: keyof typeof keys, body: unknown): Promise<ApiAnswer> {
  return callApi(hosted.url, '/api/agents/unseal', {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${keys[id]}` },
  });
}
const base = '/api/admin/runners/r1/jobs/r1.job';
const sealed = async () => {
  const rows = await db()
    .selectFrom('sealed_folders')
    .select(['job_id', 'folder'])
    .orderBy('folder')
    .execute();
  return rows.map(({ job_id, folder }) => `${job_id} ${folder}`);
};
const audited = async () => {
  const rows = await db()
    .selectFrom('audit_log')
    .select(['action', 'actor_kind', 'subject_id'])
    .orderBy('id')
    .execute();
  return rows.map(({ action, actor_kind, subject_id }) => `${actor_kind} ${action} ${subject_id}`);
};

describe('seals over HTTP', () => {
  it('F8 lists the folders of a job, newest name first, and says what each open one waits for', async () => {
    await admin('POST', `${base}/seal/2026-04-13`);
    const { body } = await admin('GET', `${base}/folders`);
    expect(body).toMatchObject({ sealed: 1, open: 2 });
    expect(body.folders).toMatchObject([
      { folder: '2026/04/14', state: 'open', waitsFor: 'the next tick of the seal sweeper', maySeal: true },
      { folder: '2026-04-15', state: 'open', waitsFor: 'a run that finds it complete', maySeal: false },
      { folder: '2026-04-13', state: 'sealed', waitsFor: null, sealedBy: hosted.admin.email },
    ]);
  });

  it('F8 seals and unseals by hand, any number of times, and writes down who did', async () => {
    for (const folder of ['2026-04-13', '2026%2F04%2F14'])
      for (let times = 0; times < 2; times += 1) {
        const answer = await admin('POST', `${base}/seal/${folder}`);
        expect([answer.status, answer.body.folder.state]).toEqual([200, 'sealed']);
      }
    expect(await sealed()).toEqual(['r1.job 2026-04-13', 'r1.job 2026/04/14']);
    for (let times = 0; times < 2; times += 1) {
      const answer = await admin('POST', `${base}/unseal/2026-04-13`);
      expect(answer.body.folder).toMatchObject({
        state: 'open',
        waitsFor: expect.stringContaining('24 hours'),
      });
    }
    expect(await audited()).toEqual([
      'token folder.sealed r1.job/2026-04-13',
      'token folder.sealed r1.job/2026/04/14',
      'token folder.unsealed r1.job/2026-04-13',
    ]);
  });

  it('F8 refuses to seal what no run has proved complete, and says what it waits for', async () => {
    const answer = await admin('POST', `${base}/seal/2026-04-15`);
    expect([answer.status, answer.body.code]).toEqual([409, 'not-proved']);
    expect(answer.body.detail).toContain('a run that finds it complete');
    expect(await sealed()).toEqual([]);
  });

  it('F8 knows no folder, job or runner of somebody else', async () => {
    const paths = [
      ['POST', `${base}/seal/2026-01-01`],
      ['POST', `${base}/unseal/2026-01-01`],
      ['POST', '/api/admin/runners/r2/jobs/r1.job/seal/2026-04-13'],
      ['POST', '/api/admin/runners/other/jobs/other.job/seal/2026-04-13'],
      ['POST', '/api/admin/runners/other/jobs/other.job/unseal/2026-04-13'],
      ['GET', '/api/admin/runners/other/jobs/other.job/folders'],
    ] as const;
    for (const [method, path] of paths)
      expect([path, (await admin(method, path)).status]).toEqual([path, 404]);
    expect(await audited()).toEqual([]);
  });

  it('F8 an agent unseals folders of its own jobs and of no other; repeating it is harmless', async () => {
    await admin('POST', `${base}/seal/2026-04-13`);
    const folders = [
      { folder: '2026-04-13', reason: '2 files are new or changed' },
      { folder: '2031-01-01', reason: 'never sealed' },
    ];
    for (const id of ['r2', 'other'] as const)
      expect((await agent(id, { jobId: 'r1.job', folders })).status).toBe(404);
    expect(await sealed()).toHaveLength(1);
    expect((await agent('r1', { jobId: 'r1.job', folders })).body).toEqual({ unsealed: 1 });
    expect((await agent('r1', { jobId: 'r1.job', folders })).body).toEqual({ unsealed: 0 });
    expect(await audited()).toContain('agent folder.unsealed r1.job/2026-04-13');
    const changes = await db().selectFrom('state_changes').select('reason').orderBy('id').execute();
    expect(changes.at(-1)?.reason).toContain('its agent saw a write into it: 2 files are new or changed');
  });
});
