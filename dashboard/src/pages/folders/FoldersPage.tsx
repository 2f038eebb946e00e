import { getRouteApi, Link } from '@tanstack/react-router';
import { runner as runnerEndpoint } from '../../../../shared/contract/fleet.ts';
import { folders, type FolderView } from '../../../../shared/contract/seals.ts';
import { useAnswer } from '../../app/answers.ts';
import type { FoldersSearch } from '../../app/search.ts';
import { sayAmount, sayCount } from '../../format/amount.ts';
import { Empty } from '../../parts/Empty.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { FolderFilters } from './FolderFilters.tsx';
import { FolderTable } from './FolderTable.tsx';

const route = getRouteApi('/runners/$runnerId/jobs/$jobId/folders');
const EVERY_MS = 10_000;

/** A job's folders: what is sealed, and why the others are not yet. */
export function FoldersPage() {
  const params = route.useParams();
  const answer = useAnswer(folders, { params }, { everyMs: EVERY_MS });
  const runner = useAnswer(runnerEndpoint, { params: { runnerId: params.runnerId } }).data?.runner;
  const job = runner?.jobs.find((one) => one.jobId === params.jobId);
  return (
    <>
      <PageHead
        title={job === undefined ? 'Folders' : `Folders of ${job.name}`}
        lead={
          <>
            <Link to="/runners/$runnerId" params={{ runnerId: params.runnerId }} className="link">
              {runner?.name ?? params.runnerId}
            </Link>
            . A sealed folder is proved complete: its agent looks at it in passing, not at each file every
            time.
          </>
        }
      />
      <Pending query={answer} doing="Loading the folders">
        {(data) => <Folders all={data.folders} sealed={data.sealed} open={data.open} />}
      </Pending>
    </>
  );
}

function Folders({ all, sealed, open }: { all: readonly FolderView[]; sealed: number; open: number }) {
  const search = route.useSearch();
  if (all.length === 0)
    return (
      <Empty title="No folder yet.">
        <p>Folders appear with the first run that archives files of this job.</p>
      </Empty>
    );
  const shown = all.filter((one) => isWanted(one, search) && !isBareSource(one));
  return (
    <>
      <FolderFilters search={search} />
      <p className="section-lead">
        {sayAmount(sealed, 'folder')} sealed, {sayCount(open)} open
        {sealed + open > all.length ? `; the newest ${sayCount(all.length)} are here` : ''}
        {search.q === undefined && search.state === undefined
          ? '.'
          : `; ${sayCount(shown.length)} are like that.`}
      </p>
      {shown.length === 0 ? (
        <p className="quiet">No folder is like that.</p>
      ) : (
        <FolderTable folders={shown} />
      )}
    </>
  );
}

/** The source itself, where no file lies: only date folders are below it. */
function isBareSource({ folder, fileCount }: FolderView): boolean {
  return folder === '' && fileCount === 0;
}

function isWanted(folder: FolderView, search: FoldersSearch): boolean {
  const isNamed = folder.folder.toLowerCase().includes((search.q ?? '').toLowerCase());
  return isNamed && (search.state === undefined || folder.state === search.state);
}
