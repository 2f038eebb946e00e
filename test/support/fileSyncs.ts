import { compare } from '../../functions/archive/compareRun.ts';
import { complete } from '../../functions/archive/completeRun.ts';
import { closeRun, writeContext } from '../../functions/platform/runs/index.ts';
import { folderDigest } from '../../shared/domain/folderDigest.ts';
import { pathKeyHex } from '../../shared/domain/paths.ts';
import {
  anotherAgent,
  backToNoon,
  type BegunRun,
  begunRun,
  type TestAgent,
  type TestArchive,
} from './archiveServices.ts';

type CompleteBody = Parameters<typeof complete>[3];
type CompareBody = Parameters<typeof compare>[3];
export type SentFolders = CompareBody['folders'];

/** The time that `file` and `resultOf` give when told no other. */
export const mtimeMs = 1_769_000_000_000;

export const file = (path: string, at = mtimeMs, sizeBytes = 1000) => ({ path, sizeBytes, mtimeMs: at });
type ManifestFile = ReturnType<typeof file>;

export const digestOf = (files: readonly ManifestFile[]): string =>
  folderDigest(files.map((each) => ({ keyHex: pathKeyHex(each.path), ...each })));

/** A folder with its whole list; with `null`, a list that may be a part. */
export const listed = (
  folder: string,
  files: readonly ManifestFile[],
  digest: string | null = digestOf(files),
) => ({ folder, digest, files: [...files] });

/** What one agent does in its file syncs, and what the database holds of its job. */
export function fileSyncs(archive: TestArchive, agent: TestAgent) {
  const { services, database } = archive;
  const runRow = (runId: string) =>
    database.db.selectFrom('sync_runs').selectAll().where('id', '=', runId).executeTakeFirstOrThrow();
  return {
    runRow,
    begun: (correlationId?: string): Promise<BegunRun> => begunRun(archive, agent, correlationId),
    sendManifest: (run: BegunRun, folders: SentFolders, isMinimal = false) =>
      compare(services, agent, run.runId, { correlationId: run.correlationId, folders }, isMinimal),
    send: (
      run: BegunRun,
      results: CompleteBody['results'],
      closing?: Partial<NonNullable<CompleteBody['closing']>>,
    ) => {
      const { correlationId } = run;
      const whole = {
        expectedResults: results.length,
        filesExamined: results.length,
        error: null,
        ...closing,
      };
      const body = { correlationId, results, ...(closing === undefined ? {} : { closing: whole }) };
      return complete(services, agent, run.runId, body);
    },
    /** What the orphan sweeper does to a silent run. */
    orphan: async (runId: string): Promise<void> => {
      const { version } = await runRow(runId);
      const closure = { runId, version, status: 'stale', reason: 'no sign of life for 30 min' } as const;
      await closeRun(database.db, closure, writeContext(services));
    },
    indexRows: () =>
      database.db
        .selectFrom('synced_files')
        .selectAll()
        .where('job_id', '=', agent.jobId)
        .orderBy('path')
        .execute(),
    folderRows: () =>
      database.db
        .selectFrom('synced_folders')
        .selectAll()
        .where('job_id', '=', agent.jobId)
        .orderBy('folder')
        .execute(),
    alerts: () => database.db.selectFrom('alerts').selectAll().where('job_id', '=', agent.jobId).execute(),
  };
}

export type FileSyncs = ReturnType<typeof fileSyncs>;

/** What each test of a file begins with, whose tests share an archive: noon, and an agent of its own. */
export async function agentAtNoon(
  archive: TestArchive,
): Promise<{ readonly agent: TestAgent; readonly syncs: FileSyncs }> {
  backToNoon(archive);
  const agent = await anotherAgent(archive);
  return { agent, syncs: fileSyncs(archive, agent) };
}
