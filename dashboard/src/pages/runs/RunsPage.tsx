import { getRouteApi, Link } from '@tanstack/react-router';
import { runs } from '../../../../shared/contract/fleet.ts';
import { LIVE_MS, useAnswer } from '../../app/answers.ts';
import { changeSearch, type RunsSearch } from '../../app/search.ts';
import { Empty } from '../../parts/Empty.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Pager } from '../../parts/Pager.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { RunTable } from '../../parts/RunTable.tsx';
import { RunFilters } from './RunFilters.tsx';
import { runsQuery } from './runsQuery.ts';

const route = getRouteApi('/runs');

/** One feed of everything that ran; what is searched for stands in the URL. */
export function RunsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const answer = useAnswer(runs, { query: runsQuery(search) }, { keepRows: true, everyMs: LIVE_MS });
  return (
    <>
      <PageHead title="Runs" lead="Everything that ran, newest first." />
      <RunFilters
        search={search}
        onChange={(next) => void navigate({ to: '/runs', search: next, replace: true })}
      />
      <Pending query={answer} doing="Loading the runs">
        {(data) => (
          <div aria-busy={answer.isPlaceholderData}>
            {data.runs.length === 0 ? (
              <NoRuns search={search} />
            ) : (
              <RunTable label="Runs, newest first" runs={data.runs} />
            )}
            <Pager
              label="More runs"
              after={search.after}
              nextCursor={data.nextCursor}
              pageAt={(after) => ({ to: '/runs', search: changeSearch(search, { after }) })}
            />
          </div>
        )}
      </Pending>
    </>
  );
}

function NoRuns({ search }: { search: RunsSearch }) {
  if (Object.keys(search).length === 0)
    return (
      <Empty title="Nothing has run yet.">
        <p>
          A run appears here when an approved agent looks at its source for the first time.{' '}
          <Link to="/agents" className="link">
            See the agents
          </Link>
        </p>
      </Empty>
    );
  return (
    <Empty title="No run is like that.">
      <p>
        The search looks at the beginning of the run’s id; type, status, instrument and days narrow it
        further.{' '}
        <Link to="/runs" search={{}} className="link">
          Show all runs
        </Link>
      </p>
    </Empty>
  );
}
