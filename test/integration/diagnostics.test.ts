import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagFleet } from '../../shared/contract/access.ts';
import { accessHandlers } from '../../functions/access/index.ts';
import { json } from '../../functions/platform/database/index.ts';
import { openApiHandler } from '../../functions/platform/openapi/handler.ts';
import { type ApiCall, callApi } from '../support/call-api.ts';
import { type HostedApp, startHostedApp } from '../support/hosted-app.ts';

let hosted: HostedApp;
const call: ApiCall = (path, parts) => callApi(hosted.url, path, parts);

beforeAll(async () => {
  hosted = await startHostedApp({ handlers: [...accessHandlers, openApiHandler] });
});
afterAll(async () => {
  await hosted.close();
});

describe('what scripts read', () => {
  it('A2 diagnostics name the fleet in snake case, with its latest run', async () => {
    const { db } = hosted.database;
    const at = new Date('2026-04-13T02:00:00.000Z');
    const times = { created_at: at, updated_at: at, version: 1 };
    const runner = {
      name: 'ARGO-1',
      host_name: 'pc',
      platform: 'windows',
      time_zone: 'UTC',
      share_name: 'argo-1',
    };
    const owner = { organization_id: 'default' };
    const seen = { status: 'active', generation: 1, last_heartbeat: at, active_jobs: 1 } as const;
    await db
      .insertInto('runners')
      .values({ id: 'argo-1', key_slot: 'argo-1', ...owner, ...runner, ...seen, ...times })
      .execute();
    const job = {
      runner_id: 'argo-1',
      name: 'a',
      kind: 'tree',
      source_path: '/s',
      share_name: 'argo-1',
      share_path: '',
    } as const;
    const settings = {
      schedule_seconds: 60,
      include_json: json([]),
      exclude_json: json([]),
      enabled: true,
      config_version: 1,
    };
    const reported = { backlog_count: 3, source_count: 10 };
    await db
      .insertInto('jobs')
      .values({ id: 'j1', ...owner, ...job, ...settings, ...reported, ...times })
      .execute();
    for (const [id, status, minute] of [
      ['old', 'failed', 1],
      ['new', 'complete', 2],
    ] as const) {
      const started_at = new Date(at.getTime() + minute * 60_000);
      const counts = {
        files_examined: 0,
        files_needed: 0,
        files_archived: 0,
        files_skipped: 0,
        files_failed: 0,
        bytes_archived: 0,
      };
      const keys = {
        sync_type: 'file_sync',
        job_id: 'j1',
        runner_id: 'argo-1',
        correlation_id: id,
        live_key: id,
      };
      const progress = {
        slice: 0,
        slice_attempts: 0,
        started_at,
        last_activity_at: started_at,
        trigger_kind: 'agent',
      } as const;
      await db
        .insertInto('sync_runs')
        .values({ id, status, payload_json: json({}), ...owner, ...keys, ...counts, ...progress, ...times })
        .execute();
    }
    const { body } = await call('/api/diag/fleet', { headers: { 'x-ci-secret': hosted.ciSecret } });
    expect(diagFleet.response.parse(body).runners).toEqual([
      {
        runner_id: 'argo-1',
        name: 'ARGO-1',
        status: 'active',
        agent_version: null,
        last_heartbeat: '2026-04-13T02:00:00.000Z',
        active_jobs: 1,
        azure_files_status: null,
        backlog_count: 3,
        source_count: 10,
        archived_count: 0,
        last_run_status: 'complete',
        last_run_at: '2026-04-13T02:02:00.000Z',
      },
    ]);
  });

  it('L3 the API describes itself in public', async () => {
    const { status, body } = await call('/api/openapi.json');
    expect([status, body.openapi]).toEqual([200, '3.1.0']);
    expect(body.paths['/api/agents/heartbeat'].post.operationId).toBe('agent-heartbeat');
  });
});
