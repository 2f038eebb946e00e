import { getRouteApi, Link } from '@tanstack/react-router';
import { channels, deliveries, deliveryView } from '../../../../shared/contract/alerts.ts';
import type { QueryOf } from '../../../../shared/contract/endpoint.ts';
import { useAnswer } from '../../app/answers.ts';
import { changeSearch, type DeliveriesSearch } from '../../app/search.ts';
import { deliveryMarks } from '../../format/alertMarks.ts';
import { Choice } from '../../parts/Choice.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { OperationsTabs } from '../../parts/OperationsTabs.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Pager } from '../../parts/Pager.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { DeliveryTable } from './DeliveryTable.tsx';

const route = getRouteApi('/deliveries');
const ROWS = 50;
const statuses = deliveryView.shape.status.options;

/** Everything that people were told, or should have been. */
export function DeliveriesPage() {
  const search = route.useSearch();
  const answer = useAnswer(deliveries, { query: deliveriesQuery(search) }, { keepRows: true });
  return (
    <>
      <PageHead title="Deliveries" lead="What people were told, through what, and whether it arrived." />
      <OperationsTabs />
      <Filters search={search} />
      <Pending query={answer} doing="Loading the deliveries">
        {(data) => (
          <div aria-busy={answer.isPlaceholderData}>
            {data.deliveries.length === 0 ? (
              <NoDeliveries search={search} />
            ) : (
              <DeliveryTable deliveries={data.deliveries} />
            )}
            <Pager
              label="More deliveries"
              after={search.after}
              nextCursor={data.nextCursor}
              pageAt={(after) => ({ to: '/deliveries', search: changeSearch(search, { after }) })}
            />
          </div>
        )}
      </Pending>
    </>
  );
}

function deliveriesQuery(search: DeliveriesSearch): QueryOf<typeof deliveries> {
  const status = statuses.find((known) => known === search.status);
  return {
    limit: ROWS,
    ...(status === undefined ? {} : { status }),
    ...(search.channel === undefined ? {} : { channelId: search.channel }),
    ...(search.after === undefined ? {} : { cursor: search.after }),
  };
}

function Filters({ search }: { search: DeliveriesSearch }) {
  const navigate = route.useNavigate();
  const known = useAnswer(channels, {}).data?.channels ?? [];
  const change = (part: DeliveriesSearch) =>
    void navigate({ to: '/deliveries', search: changeSearch(search, part), replace: true });
  return (
    <search className="filters">
      <Choice label="State" value={search.status} onChoose={(status) => change({ status })}>
        {statuses.map((status) => (
          <option key={status} value={status}>
            {deliveryMarks[status].word}
          </option>
        ))}
      </Choice>
      <Choice label="Channel" value={search.channel} onChoose={(channel) => change({ channel })}>
        {known.map((channel) => (
          <option key={channel.channelId} value={channel.channelId}>
            {channel.name}
          </option>
        ))}
      </Choice>
    </search>
  );
}

function NoDeliveries({ search }: { search: DeliveriesSearch }) {
  if (Object.keys(search).length === 0)
    return (
      <Empty title="Nobody was told of anything yet.">
        <p>
          Each state change of an alert appears here once for every channel that a rule names.{' '}
          <Link to="/settings/notifications" className="link">
            See rules and channels
          </Link>
        </p>
      </Empty>
    );
  return (
    <Empty title="No delivery is like that.">
      <Link to="/deliveries" search={{}} className="link">
        Show all deliveries
      </Link>
    </Empty>
  );
}
