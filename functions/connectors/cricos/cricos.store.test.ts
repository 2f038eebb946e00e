import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openRegisterBench, type RegisterBench } from '../../../test/support/registers.ts';
import { cricosSync } from './cricos.ts';

const COURSES = 1100;

let registers: RegisterBench;
beforeAll(async () => {
  registers = await openRegisterBench({ sizes: { cricos: COURSES } });
});
beforeEach(() => registers.clear());
afterAll(() => registers.close());

const tables = () => registers.server.parties.cricos.tables;

describe('cricos_sync', () => {
  it('O9 walks its four tables page by page, under the names of its phases; a second cycle finds nothing new', async () => {
    const first = await registers.cycle(cricosSync);
    expect(await registers.bench.steps(first)).toEqual([
      'init: complete',
      'volume_check_institutions: complete',
      'volume_check_courses: complete',
      'ingest_institutions: complete',
      'ingest_courses: complete',
      'ingest_locations: complete',
      'ingest_course_locations: complete',
      'close_walks: complete',
      'write_snapshot: complete',
    ]);
    const rows = COURSES * 2 + (COURSES / 10) * 2;
    expect(await registers.bench.run(first)).toMatchObject({
      status: 'complete',
      records_in: rows,
      records_out: rows,
    });
    const pages = registers.server.seen.filter(({ target }) => target.includes('resource_id=courses&'));
    expect(pages.map(({ target }) => /offset=\d+/.exec(target)?.[0])).toEqual(['offset=0', 'offset=1000']);
    const second = await registers.cycle(cricosSync);
    expect(await registers.bench.run(second)).toMatchObject({
      status: 'complete',
      records_in: rows,
      records_out: 0,
    });
    expect(await registers.told(second)).toEqual([]);
  });

  it('O7 O6 tells what changed, and an emptied table stops the cycle before anything is deleted', async () => {
    await registers.cycle(cricosSync);
    const { courses } = tables();
    const [changed, gone] = courses;
    if (changed === undefined || gone === undefined) throw new Error('there are no courses');
    changed['Expired'] = 'Yes';
    courses.splice(1, 1);
    const told = await registers.told(await registers.cycle(cricosSync));
    expect(told).toEqual([
      `disappeared ${String(gone['CRICOS Course Code'])} Current `,
      `status_changed ${String(changed['CRICOS Course Code'])} Current Expired`,
    ]);
    registers.server.faults.add({ party: 'cricos', kind: 'emptied', on: 'resource_id=courses&', times: 100 });
    const stopped = await registers.cycle(cricosSync);
    const run = await registers.bench.run(stopped);
    expect(run).toMatchObject({ status: 'failed', pointer: 'ingest_courses' });
    expect(run.status_reason).toContain('a fall of 100 %');
    expect(await registers.countLive('cricos', 'course')).toBe(COURSES - 1);
    expect(await registers.told(stopped)).toEqual([]);
    registers.server.faults.clear();
    await registers.bench.retry(cricosSync, stopped);
    expect(await registers.bench.run(stopped)).toMatchObject({ status: 'complete' });
    courses.splice(1, 0, gone);
    changed['Expired'] = 'No';
  });

  it('O9 B30 a table that changes while it is read is read again from its start', async () => {
    await registers.cycle(cricosSync);
    registers.server.faults.add({
      party: 'cricos',
      kind: 'emptied',
      on: 'resource_id=courses&limit=1000&offset=1000',
    });
    const runId = await registers.cycle(cricosSync);
    expect(await registers.bench.run(runId)).toMatchObject({ status: 'complete', records_in: 2420 + 1000 });
    expect(await registers.told(runId)).toEqual([]);
  });

  it('O9 B30 a table that ends before its total, or lost a column, deletes nothing', async () => {
    await registers.cycle(cricosSync);
    registers.server.faults.add({ party: 'cricos', kind: 'emptied', on: 'offset=1000', times: 100 });
    const cut = await registers.cycle(cricosSync);
    expect(await registers.bench.run(cut)).toMatchObject({ status: 'failed' });
    registers.server.faults.clear();
    const [first] = tables().courses;
    delete first?.['Expired'];
    const changed = await registers.cycle(cricosSync);
    expect(await registers.bench.run(changed)).toMatchObject({
      status: 'failed',
      error_tag: 'ValidationError',
    });
    expect(await registers.countLive('cricos', 'course')).toBe(COURSES);
    if (first !== undefined) first['Expired'] = 'No';
  });

  it('W4 B22 goes on where it stood after the portal was away', async () => {
    registers.server.faults.add({
      party: 'cricos',
      kind: 'status',
      status: 503,
      on: 'offset=1000',
      times: 2,
    });
    registers.server.faults.add({
      party: 'cricos',
      kind: 'reset',
      on: 'course-locations&limit=1000&offset=1000',
    });
    const runId = await registers.cycle(cricosSync);
    expect(await registers.bench.run(runId)).toMatchObject({
      status: 'complete',
      records_out: COURSES * 2.2,
    });
  });
});
