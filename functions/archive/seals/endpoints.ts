import * as contract from '../../../shared/contract/seals.ts';
import { pathKey } from '../../../shared/domain/paths.ts';
import { isSealedByItself, sealWaitsFor } from '../../../shared/domain/sealing.ts';
import { type EndpointHandler, type EndpointRequest, handle } from '../../platform/http/handler.ts';
import { Problem } from '../../platform/http/problem.ts';
import type { Services } from '../../platform/services.ts';
import { agentOf } from '../agent.ts';
import { type Decision, decisionOf } from '../decision.ts';
import { findJob, type JobRow } from '../store/jobs.ts';
import { findRunner } from '../store/runners.ts';
import { sealFolder } from './sealFolder.ts';
import { countFolders, findFolder, type FolderRow, listFolders } from './store.ts';
import { unsealFolders } from './unsealFolders.ts';

const MAX_LISTED = 1000;

interface OwnedJob {
  readonly job: JobRow;
  readonly timeZone: string;
}

export const sealHandlers: readonly EndpointHandler[] = [
  handle(contract.folders, async (request, services) => {
    const owned = await ownedJob(services, decisionOf(request), request.params);
    const { db } = services.database;
    const [rows, counts] = await Promise.all([
      listFolders(db, owned.job.id, MAX_LISTED),
      countFolders(db, owned.job.id),
    ]);
    const now = services.now();
    const folders = rows.map((row) => folderView(row, owned, now));
    const { sealed } = counts;
    return { body: { now: now.toISOString(), folders, sealed, open: Math.max(0, counts.folders - sealed) } };
  }),

  handle(contract.seal, async (request, services) => {
    const { decision, owned, folder } = await namedFolder(request, services);
    const outcome = await sealFolder(services, {
      jobId: owned.job.id,
      folderKey: pathKey(folder),
      timeZone: owned.timeZone,
      by: { decision },
    });
    if (outcome.kind === 'waits')
      throw new Problem(
        'not-proved',
        `Folder /${folder} cannot be sealed yet: it waits for ${outcome.waitsFor}.`,
      );
    return { body: { folder: await viewOf(services, owned, folder) } };
  }),

  handle(contract.unseal, async (request, services) => {
    const { decision, owned, folder } = await namedFolder(request, services);
    const reason = 'an operator unsealed it';
    const folders = [{ folder, folderKey: pathKey(folder), reason }];
    await unsealFolders(services, { jobId: owned.job.id, folders, decision });
    return { body: { folder: await viewOf(services, owned, folder) } };
  }),

  handle(contract.agentUnseal, async ({ body, caller, correlationId }, services) => {
    const agent = agentOf(caller);
    const job = await findJob(services.database.db, agent, body.jobId);
    if (job === undefined)
      throw new Problem('not-found', `Runner ${agent.runnerId} has no job ${body.jobId}.`);
    const folders = body.folders.map(({ folder, reason }) => ({
      folder,
      folderKey: pathKey(folder),
      reason: `its agent saw a write into it: ${reason}`,
    }));
    const decision = { organizationId: agent.organizationId, actor: caller, correlationId };
    return { body: { unsealed: await unsealFolders(services, { jobId: job.id, folders, decision }) } };
  }),
];

/** The job and folder that an operator names, and the decision about them. Throws `not-found`. */
async function namedFolder(
  request: Pick<EndpointRequest<typeof contract.seal>, 'caller' | 'correlationId' | 'params'>,
  services: Services,
): Promise<{ decision: Decision; owned: OwnedJob; folder: string }> {
  const decision = decisionOf(request);
  const owned = await ownedJob(services, decision, request.params);
  // Routing leaves an encoded slash as it is, so that it does not become another segment.
  const folder = request.params.folderDate.replace(/%2f/gi, '/');
  await requireFolder(services, owned, folder);
  return { decision, owned, folder };
}

async function ownedJob(
  services: Services,
  { organizationId }: Decision,
  { runnerId, jobId }: { readonly runnerId: string; readonly jobId: string },
): Promise<OwnedJob> {
  const { db } = services.database;
  const [job, runner] = await Promise.all([
    findJob(db, { organizationId, runnerId }, jobId),
    findRunner(db, organizationId, runnerId),
  ]);
  if (job === undefined || runner === undefined)
    throw new Problem('not-found', `Runner ${runnerId} has no job ${jobId}.`);
  return { job, timeZone: runner.time_zone };
}

async function requireFolder(services: Services, { job }: OwnedJob, folder: string): Promise<FolderRow> {
  const row = await findFolder(services.database.db, job.id, pathKey(folder));
  if (row === undefined)
    throw new Problem(
      'not-found',
      `Job ${job.name} has no folder /${folder}; wanted: one that a run has seen.`,
    );
  return row;
}

async function viewOf(services: Services, owned: OwnedJob, folder: string): Promise<contract.FolderView> {
  return folderView(await requireFolder(services, owned, folder), owned, services.now());
}

function folderView(row: FolderRow, { job, timeZone }: OwnedJob, now: Date): contract.FolderView {
  return {
    folder: row.folder,
    fileCount: row.fileCount,
    state: row.sealedAt === null ? 'open' : 'sealed',
    changedAt: row.changedAt.toISOString(),
    provedAt: row.provedAt?.toISOString() ?? null,
    sealedAt: row.sealedAt?.toISOString() ?? null,
    sealedBy: row.sealedBy,
    waitsFor: row.sealedAt === null ? waitOf(row, job, timeZone, now) : null,
    maySeal: row.sealedAt === null && sealWaitsFor(row, timeZone, now) === null,
  };
}

function waitOf(row: FolderRow, job: JobRow, timeZone: string, now: Date): string {
  const wait = sealWaitsFor(row, timeZone, now);
  if (wait !== null) return wait;
  return isSealedByItself(job, row.folder)
    ? 'the next tick of the seal sweeper'
    : 'an operator: only date folders of geometry jobs are sealed by themselves';
}
