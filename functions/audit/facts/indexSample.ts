import { randomBytes } from 'node:crypto';
import pLimit from 'p-limit';
import { fromShareMetadata } from '../../../shared/domain/shareMetadata.ts';
import { isWhole } from '../../../shared/domain/wholeMark.ts';
import type { Db } from '../../platform/database/index.ts';
import type { Services } from '../../platform/services.ts';
import type { ShareFileFacts } from '../../platform/storage/shares.ts';
import type { SampledFile } from '../facts.ts';
import type { Scope } from '../store.ts';

const MAX_JOBS = 12;
const FILES_A_JOB = 3;
const AT_ONCE = 6;

interface IndexRow {
  readonly job_id: string;
  readonly path_key: Buffer;
  readonly path: string;
  readonly size_bytes: number;
  readonly checksum: string | null;
  readonly share_name: string;
  readonly share_path: string;
}

/** Draws files from the state index, a few of a few jobs, and looks each up on the share. Never throws for one file. */
export async function sampleIndex(services: Services, scope: Scope): Promise<SampledFile[]> {
  const rows = await drawRows(services.database.db, scope);
  const limit = pLimit(AT_ONCE);
  const sampled = await Promise.all(rows.map((row) => limit(lookUp, services, row)));
  return sampled.filter((file) => file !== undefined);
}

/** By a random place in the order of keys, which are hashes: every file is as likely as another. */
async function drawRows(db: Db, scope: Scope): Promise<IndexRow[]> {
  const rows: IndexRow[] = [];
  for (const jobId of await drawJobs(db, scope)) {
    const from = randomBytes(32);
    const after = await rowsFrom(db, jobId, from, FILES_A_JOB);
    const missing = FILES_A_JOB - after.length;
    const before = missing > 0 ? await rowsFrom(db, jobId, Buffer.alloc(32), missing) : [];
    const known = new Set(after.map((row) => row.path_key.toString('hex')));
    rows.push(...after, ...before.filter((row) => !known.has(row.path_key.toString('hex'))));
  }
  return rows;
}

async function drawJobs(db: Db, scope: Scope): Promise<string[]> {
  let query = db
    .selectFrom('jobs')
    .select('jobs.id')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('synced_files')
          .select('synced_files.path_key')
          .whereRef('synced_files.job_id', '=', 'jobs.id'),
      ),
    );
  if (scope !== null) query = query.where('organization_id', '=', scope);
  const ids = (await query.orderBy('jobs.id').limit(1000).execute()).map((row) => row.id);
  const first = ids.length === 0 ? 0 : randomBytes(4).readUInt32BE() % ids.length;
  return [...ids.slice(first), ...ids.slice(0, first)].slice(0, MAX_JOBS);
}

async function rowsFrom(db: Db, jobId: string, from: Buffer, limit: number): Promise<IndexRow[]> {
  return indexRows(db, jobId).where('path_key', '>=', from).orderBy('path_key').limit(limit).execute();
}

function indexRows(db: Db, jobId: string) {
  return db
    .selectFrom('synced_files')
    .innerJoin('jobs', 'jobs.id', 'synced_files.job_id')
    .select([
      'synced_files.job_id',
      'synced_files.path_key',
      'synced_files.path',
      'synced_files.size_bytes',
      'synced_files.checksum',
      'jobs.share_name',
      'jobs.share_path',
    ])
    .where('synced_files.job_id', '=', jobId);
}

/** Undefined: the row is gone or was replaced while the share was asked; it says nothing then. */
async function lookUp(services: Services, row: IndexRow): Promise<SampledFile | undefined> {
  const path = row.share_path === '' ? row.path : `${row.share_path}/${row.path}`;
  const subject = `${row.share_name}/${path}`;
  let facts: ShareFileFacts | undefined;
  try {
    facts = await services.shares.fileFacts(row.share_name, path);
  } catch (error) {
    services.log.warn('the audit could not look a file up on the share', { subject, error });
    return { subject, finding: 'not looked up', detail: 'the share did not answer' };
  }
  const judged = judge(row, facts);
  return judged.finding === 'same' || (await isStillSo(services.database.db, row))
    ? { subject, ...judged }
    : undefined;
}

async function isStillSo(db: Db, row: IndexRow): Promise<boolean> {
  const now = await indexRows(db, row.job_id).where('path_key', '=', row.path_key).executeTakeFirst();
  return now?.size_bytes === row.size_bytes && now.checksum === row.checksum;
}

function judge(row: IndexRow, facts: ShareFileFacts | undefined): Omit<SampledFile, 'subject'> {
  if (facts === undefined) return { finding: 'missing', detail: 'is not on the share' };
  const different = (detail: string) => ({ finding: 'different' as const, detail });
  if (!isWhole(facts.attributes)) return different('is not whole on the share');
  if (facts.sizeBytes !== row.size_bytes)
    return different(`has ${String(facts.sizeBytes)} bytes, the index says ${String(row.size_bytes)}`);
  const hash = fromShareMetadata(facts.metadata)?.sha256;
  if (hash !== undefined && row.checksum !== null && hash !== row.checksum)
    return different('has another SHA-256 than the index says');
  return { finding: 'same', detail: `${String(row.size_bytes)} bytes` };
}
