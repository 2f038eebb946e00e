import { getRouteApi, Link } from '@tanstack/react-router';
import { changes } from '../../../../shared/contract/workflows.ts';
import { useAnswer } from '../../app/answers.ts';
import { changeSearch, type ChangesSearch } from '../../app/search.ts';
import { ChangeTable } from '../../parts/ChangeTable.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Pager } from '../../parts/Pager.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { ChangeFilters } from './ChangeFilters.tsx';
import { changesQuery } from './changesQuery.ts';

const route = getRouteApi('/changes');

/** What changed outside, over all runs; what is searched for stands in the URL. */
export function ChangesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const answer = useAnswer(changes, { query: changesQuery(search) }, { keepRows: true });
  return (
    <>
      <PageHead title="Changes" lead="What changed in registers, with the run that saw it, newest first." />
      <ChangeFilters
        search={search}
        shown={answer.data?.changes ?? []}
        onChange={(next) => void navigate({ to: '/changes', search: next, replace: true })}
      />
      <Pending query={answer} doing="Loading the changes">
        {(data) => (
          <div aria-busy={answer.isPlaceholderData}>
            {data.changes.length === 0 ? (
              <NoChanges search={search} />
            ) : (
              <ChangeTable changes={data.changes} />
            )}
            <Pager
              label="More changes"
              after={search.after}
              nextCursor={data.nextCursor}
              pageAt={(after) => ({ to: '/changes', search: changeSearch(search, { after }) })}
            />
          </div>
        )}
      </Pending>
    </>
  );
}

function NoChanges({ search }: { search: ChangesSearch }) {
  if (Object.keys(search).length === 0)
    return (
      <Empty title="No change has been seen yet.">
        <p>
          A register’s first cycle only takes down what there is. From the second on, what appeared, went,
          changed its status or was superseded stands here, and in the cycle’s e-mail.{' '}
          <Link to="/workflows" className="link">
            See the workflows
          </Link>
        </p>
      </Empty>
    );
  return (
    <Empty title="No change is like that.">
      <p>
        The search looks for a whole code, upper and lower case as the register writes it.{' '}
        <Link to="/changes" search={{}} className="link">
          Show all changes
        </Link>
      </p>
    </Empty>
  );
}
