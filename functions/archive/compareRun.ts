import type { compareRun, ManifestFile } from '../../shared/contract/agents.ts';
import type { BodyOf, ResponseOf } from '../../shared/contract/endpoint.ts';
import { SUPERSEDED, writeContext } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import type { Agent } from './agent.ts';
import { storeCompared } from './comparedRun.ts';
import { type ListedFolder, readManifest, refuseOtherDigest } from './manifest.ts';
import { type Lacking, neededFiles } from './neededFiles.ts';
import { ownRun, refuseClosed } from './ownRun.ts';
import { isProofDue } from '../../shared/domain/sealing.ts';
import {
  ensureFolders,
  type KnownFolder,
  knownFolders,
  recordDigests,
  recordProofs,
} from './store/folders.ts';

type CompareBody = BodyOf<typeof compareRun>;
type CompareAnswer = ResponseOf<typeof compareRun>;

/**
 * Compares what an agent has with the state index: folders without files by digest alone, files by source, size and
 * time. A folder whose whole list was sent and proved to be in the index gets its digest, by compare-and-set on the
 * generation read before the index was: so a recorded digest means that the index held every file of that folder. That a
 * run found a digest equal is written down about once a day, for the seals. `isMinimal`: the caller knows `neededFolders`. Repeating a request changes nothing. Throws `run-unknown`, `run-superseded` and `invalid-request`.
 */
export async function compare(
  services: Services,
  agent: Agent,
  runId: string,
  body: CompareBody,
  isMinimal = false,
): Promise<CompareAnswer> {
  const { db } = services.database;
  const manifest = readManifest(body.folders);
  const { run, jobId } = await ownRun(db, agent, { runId, correlationId: body.correlationId });
  if (run.status === 'terminated' || run.status_reason === SUPERSEDED) refuseClosed(run);
  const listed = manifest.filter((folder) => folder.files !== undefined);
  const provable = listed.filter((folder) => folder.digest !== null);
  const { at } = writeContext(services);
  if (provable.length > 0) await ensureFolders(db, jobId, provable, at);
  const known = await knownFolders(db, jobId, manifest);
  const lacking = await neededFiles(db, jobId, listed);
  const whole = wholeFolders(lacking);
  const asked = manifest.filter((folder) => folder.files === undefined);
  const begunAt = run.started_at;
  await recordProven(services, jobId, { whole, known, begunAt, at });
  await recordEqual(services, jobId, { shown: [...asked, ...whole], known, begunAt, at });
  const sorted = nearestToPurge(lacking);
  await storeCompared(services, run.id, { listed, needed: sorted });
  const changedFolders = manifest.filter((folder) => isChanged(folder, known)).map(({ folder }) => folder);
  return { changedFolders, ...(isMinimal ? minimalOf(lacking) : { needed: sorted.map(({ path }) => path) }) };
}

/** Of a folder that nobody knows yet, and of which every file is needed, the name says as much as all of theirs. */
function minimalOf(lacking: readonly Lacking[]): Pick<CompareAnswer, 'needed' | 'neededFolders'> {
  const isAll = ({ folder, files }: Lacking) => files.length > 0 && files.length === folder.files?.length;
  return {
    needed: nearestToPurge(lacking.filter((each) => !isAll(each))).map(({ path }) => path),
    neededFolders: lacking.filter(isAll).map(({ folder }) => folder.folder),
  };
}

function isChanged(folder: ListedFolder, known: ReadonlyMap<string, KnownFolder>): boolean {
  if (folder.files !== undefined) return false;
  const digest = known.get(folder.folderKey.toString('hex'))?.digest ?? null;
  return digest === null || digest !== folder.digest;
}

/**
 * Of the listed folders, those whose digest may count: nothing of them is lacking, and it is that of the files. The digest of
 * a folder that lacks something says nothing to anybody, and is not computed.
 */
function wholeFolders(lacking: readonly Lacking[]): ListedFolder[] {
  const whole = lacking
    .filter(({ folder, files }) => folder.digest !== null && files.length === 0)
    .map(({ folder }) => folder);
  whole.forEach(refuseOtherDigest);
  return whole;
}

async function recordProven(
  services: Services,
  jobId: string,
  compared: {
    readonly whole: readonly ListedFolder[];
    readonly known: ReadonlyMap<string, KnownFolder>;
    readonly begunAt: Date;
    readonly at: Date;
  },
): Promise<void> {
  const proven = compared.whole.flatMap(({ folderKey, folder, digest, files = [] }) => {
    const before = compared.known.get(folderKey.toString('hex'));
    if (digest === null || before === undefined || before.digest === digest) return [];
    const { generation } = before;
    return [{ folderKey, folder, digest, fileCount: files.length, generation, provedAt: compared.begunAt }];
  });
  if (proven.length > 0) await recordDigests(services.database.db, jobId, proven, compared.at);
}

/** Folders whose digest is the known one: proved complete by this run; written only when that says something new. */
async function recordEqual(
  services: Services,
  jobId: string,
  compared: {
    readonly shown: readonly ListedFolder[];
    readonly known: ReadonlyMap<string, KnownFolder>;
    readonly begunAt: Date;
    readonly at: Date;
  },
): Promise<void> {
  const proved = compared.shown.flatMap(({ folderKey, folder, digest }) => {
    const known = compared.known.get(folderKey.toString('hex'));
    if (digest === null || known?.digest !== digest || !isProofDue(known, compared.begunAt)) return [];
    return [{ folderKey, folder, digest }];
  });
  if (proved.length === 0) return;
  const { begunAt: provedAt, at } = compared;
  await recordProofs(services.database.db, jobId, proved, { provedAt, at });
}

/** The instrument deletes its oldest files first, and mostly names them so that they are listed in that order already. */
function nearestToPurge(lacking: readonly Lacking[]): readonly ManifestFile[] {
  const [only] = lacking;
  const files =
    only !== undefined && lacking.length === 1 ? only.files : lacking.flatMap((each) => each.files);
  const isSorted = files.every((file, index) => index === 0 || byAge(files[index - 1] ?? file, file) < 0);
  return isSorted ? files : files.toSorted(byAge);
}

function byAge(a: ManifestFile, b: ManifestFile): number {
  return a.mtimeMs - b.mtimeMs || (a.path < b.path ? -1 : 1);
}
