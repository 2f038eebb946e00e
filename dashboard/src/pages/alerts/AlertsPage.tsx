import { getRouteApi, Link } from '@tanstack/react-router';
import { alerts } from '../../../../shared/contract/alerts.ts';
import { useAnswer } from '../../app/answers.ts';
import { type AlertsSearch, changeSearch } from '../../app/search.ts';
import { Empty } from '../../parts/Empty.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Pager } from '../../parts/Pager.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { AlertFilters } from './AlertFilters.tsx';
import { AlertTable } from './AlertTable.tsx';
import { alertsQuery } from './alertsQuery.ts';

const route = getRouteApi('/alerts');

/** What needs a person: each problem once, under its cause; what is searched for stands in the URL. */
export function AlertsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const answer = useAnswer(alerts, { query: alertsQuery(search) }, { keepRows: true });
  return (
    <>
      <PageHead
        title="Alerts"
        lead="What needs a person, the newest first. A problem that explains others stands for them."
      >
        <Link to="/settings/notifications" className="link">
          Who is told of what
        </Link>
      </PageHead>
      <AlertFilters
        search={search}
        onChange={(next) => void navigate({ to: '/alerts', search: next, replace: true })}
      />
      <Pending query={answer} doing="Loading the alerts">
        {(data) => (
          <div aria-busy={answer.isPlaceholderData}>
            {data.alerts.length === 0 ? (
              <NoAlerts search={search} />
            ) : (
              <AlertTable label="Alerts" alerts={data.alerts} />
            )}
            <Pager
              label="More alerts"
              after={search.after}
              nextCursor={data.nextCursor}
              pageAt={(after) => ({ to: '/alerts', search: changeSearch(search, { after }) })}
            />
          </div>
        )}
      </Pending>
    </>
  );
}

function NoAlerts({ search }: { search: AlertsSearch }) {
  if (Object.keys(search).length === 0)
    return (
      <Empty title="Nothing needs you.">
        <p>
          A problem appears here with its cause, since when, and who was told.{' '}
          <Link to="/alerts" search={{ status: 'resolved' }} className="link">
            Show what is over
          </Link>
        </p>
      </Empty>
    );
  return (
    <Empty title="No alert is like that.">
      <p>
        <Link to="/alerts" search={{}} className="link">
          Show what is unresolved
        </Link>
      </p>
    </Empty>
  );
}
