import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectorBench, openConnectorBench } from '../../../test/support/connectors.ts';
import type { Tender } from '../../../local/third-parties/tenders.ts';

const SYNC = 'ops_tender_sync';

let connectors: ConnectorBench;
let tenders: Tender[];
beforeAll(async () => {
  connectors = await openConnectorBench({ sizes: { tenders: 40 } });
  ({ tenders } = connectors.server.parties.tenders);
  await connectors.runOf(SYNC);
});
afterEach(() => connectors.clear());
afterAll(() => connectors.close());

async function changesOf(runId: string): Promise<string[]> {
  const rows = await connectors.bench.database.db
    .selectFrom('change_events')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('entity_code')
    .execute();
  return rows.map(
    (row) => `${row.entity_code} ${row.event_type} ${row.old_value ?? ''} → ${row.new_value ?? ''}`,
  );
}

describe(SYNC, () => {
  it('O9 takes in the whole file, line breaks and quotes of its fields among it; a first inventory is no change', async () => {
    expect(await connectors.held('tenders', 'tenders')).toEqual(
      tenders.map(({ id, status }) => `${id}: ${status}`),
    );
    const row = await connectors.bench.database.db
      .selectFrom('register_entities')
      .select(['title', 'attributes_json'])
      .where('code', '=', 'TN-00002')
      .executeTakeFirstOrThrow();
    expect(row).toEqual({
      title: 'Laboratory equipment\r\n(two lots)',
      attributes_json: { agency: 'Agency 3', closesOn: '2026-01-03', valueAud: '10274' },
    });
    expect(await connectors.bench.database.db.selectFrom('change_events').selectAll().execute()).toEqual([]);
  });

  it('O9 O7 tells what closed, disappeared and appeared', async () => {
    tenders[0]!.status = 'Closed';
    const [gone] = tenders.splice(5, 1);
    tenders.push({ ...tenders[1]!, id: 'TN-90000' });
    const runId = await connectors.runOf(SYNC);
    expect(await connectors.bench.run(runId)).toMatchObject({
      status: 'complete',
      result_json: { read: 40, gone: 1 },
    });
    const changes = await changesOf(runId);
    expect(changes.map((change) => change.split(' ').slice(0, 2).join(' '))).toEqual([
      'TN-00001 status_changed',
      `${gone?.id ?? ''} disappeared`,
      'TN-90000 appeared',
    ]);
    expect(changes[0]).toContain('Open → Closed');
  });

  it.each(['emptied', 'half', 'html'] as const)('O6 B30 a file that is %s changes nothing', async (kind) => {
    const before = await connectors.held('tenders', 'tenders');
    connectors.server.faults.add({ party: 'tenders', kind, times: 10 });
    const runId = await connectors.runOf(SYNC);
    expect(await connectors.bench.run(runId)).toMatchObject({ status: 'failed' });
    expect(await connectors.held('tenders', 'tenders')).toEqual(before);
    expect(await changesOf(runId)).toEqual([]);
  });

  it('W4 a file that could not be read for once is read again', async () => {
    connectors.server.faults.add({ party: 'tenders', kind: 'html' });
    const runId = await connectors.runOf(SYNC);
    expect(await connectors.bench.run(runId)).toMatchObject({ status: 'complete' });
  });
});
