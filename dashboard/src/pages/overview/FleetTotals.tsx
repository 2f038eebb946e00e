import { Link } from '@tanstack/react-router';
import { sayAmount, sayCount, saySize } from '../../format/amount.ts';
import { sayLeft } from '../../format/time.ts';
import { type FleetAnswer, totalsOf } from './fleetAnswer.ts';
import { type NearestPurge, nearestPurge } from './nearestPurge.ts';

/** The fleet in a line of numbers, each leading to its rows. */
export function FleetTotals({ data }: { data: FleetAnswer }) {
  const totals = data.runners.map(totalsOf);
  const sum = (of: (one: (typeof totals)[number]) => number) => totals.reduce((all, one) => all + of(one), 0);
  const lastDay = data.archivedPerHour.reduce(
    (all, row) => all + row.hours.reduce((day, hour) => day + hour, 0),
    0,
  );
  const purge = nearestPurge(data.runners.filter((runner) => runner.status === 'active'));
  const online = data.runners.filter((runner) => runner.presence === 'online').length;
  return (
    <dl className="totals">
      <Total name="Online" value={`${online} of ${data.runners.length}`} />
      <Total
        name="Waiting to be archived"
        value={sayAmount(
          sum((one) => one.backlogCount ?? 0),
          'file',
        )}
      />
      <Total name="Archived in 24 h" to="/runs" value={sayAmount(lastDay, 'file')} />
      <Total
        name="In the archive"
        value={`${sayAmount(
          sum((one) => one.archivedCount),
          'file',
        )} · ${saySize(sum((one) => one.archivedBytes))}`}
      />
      {purge === undefined ? null : <NearestPurgeTotal purge={purge} />}
      {data.pendingAgents === 0 ? null : (
        <Total name="Agents to approve" to="/agents" value={sayCount(data.pendingAgents)} />
      )}
    </dl>
  );
}

/** The instrument that deletes something unarchived next. */
function NearestPurgeTotal({ purge: { runner, job, hoursLeft } }: { purge: NearestPurge }) {
  return (
    <div title={job.forecast.sentence}>
      <dt>Nearest purge</dt>
      <dd>
        <Link to="/runners/$runnerId" params={{ runnerId: runner.runnerId }} className="link">
          {runner.name} in {sayLeft(hoursLeft * 3_600_000)}
        </Link>
      </dd>
    </div>
  );
}

function Total({ name, value, to }: { name: string; value: string; to?: '/runs' | '/agents' }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {to === undefined ? (
          value
        ) : (
          <Link to={to} className="link">
            {value}
          </Link>
        )}
      </dd>
    </div>
  );
}
