import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessHandlers } from '../../functions/access/index.ts';
import { observatoryHandlers } from '../../functions/observatory/index.ts';
import { type HostedApp, startHostedApp } from '../support/hosted-app.ts';
import { json, type Said, syncToolHere } from '../support/sync-tool.ts';
import { insertPastRun } from '../support/workflows.ts';

let hosted: HostedApp;

beforeAll(async () => {
  hosted = await startHostedApp({ handlers: [...accessHandlers, ...observatoryHandlers] });
});
afterAll(() => hosted.close());

const tool = (...args: string[]): Promise<Said> =>
  syncToolHere(args, { env: { DATASYNC_URL: hosted.url, DATASYNC_TOKEN: hosted.admin.token } });

it('O1 O7 runs are found by prefix, type and dates; changes by register and run; long feeds come page by page', async () => {
  const runId = await someChanges(620);
  const [day, none, long, of, table] = await Promise.all([
    tool(
      'runs',
      '--prefix',
      'tga-sync-2026-04',
      '--type',
      'tga_sync',
      '--from',
      '2026-04-13',
      '--to',
      '2026-04-13',
      '--json',
    ),
    tool('runs', '--prefix', 'tga-sync-2026-05'),
    tool('changes', '--register', 'tga', '--limit', '610', '--json'),
    tool('changes', '--run', runId, '--type', 'status_changed', '--json'),
    tool('changes', '--run', runId, '--limit', '1'),
  ]);
  expect(json(day).runs).toMatchObject([{ runId, status: 'complete' }]);
  expect([none.code, none.out]).toEqual([0, 'No run.\n']);
  expect(new Set(json(long).changes.map(({ changeId }) => changeId)).size).toBe(610);
  expect(json(of).changes).toHaveLength(50);
  expect(table.out).toContain('training_component \\u{202e}BSB0');
  expect(table.err).toContain('There are more');
});

/** A register's run of a day with what it found. */
async function someChanges(count: number): Promise<string> {
  const { db } = hosted.database;
  const runId = 'tga-sync-2026-04-13T02-00-00Z';
  const organizationId = await insertPastRun(hosted.database, {
    id: runId,
    syncType: 'tga_sync',
    status: 'complete',
  });
  const row = (n: number) => ({
    id: `change-${String(n)}`,
    organization_id: organizationId,
    run_id: runId,
    register: 'tga',
    event_type: 'status_changed',
    entity_type: 'training_component',
    entity_code: `\u202eBSB${String(n)}`,
    old_value: 'Current',
    new_value: 'Superseded',
    detail: null,
    created_at: new Date(Date.parse('2026-04-13T02:00:00Z') - n),
  });
  for (let n = 0; n < count; n += 100) {
    const rows = Array.from({ length: Math.min(100, count - n) }, (_, index) => row(n + index));
    await db.insertInto('change_events').values(rows).execute();
  }
  return runId;
}
