import { Link } from '@tanstack/react-router';
import type { AlertSummary } from '../../../../shared/contract/alerts.ts';
import { useNow } from '../../app/services.ts';
import { alertClassNames, alertMark, isSnoozed } from '../../format/alertMarks.ts';
import { sayCount } from '../../format/amount.ts';
import { sayName } from '../../format/ids.ts';
import { Ago } from '../../parts/Ago.tsx';
import { Copyable } from '../../parts/Copyable.tsx';
import { type Fact, Facts } from '../../parts/Facts.tsx';
import { StatusMark } from '../../parts/StatusMark.tsx';

const BEFORE_MS = 15 * 60_000;

export function IncidentFacts({ alert }: { alert: AlertSummary }) {
  const now = useNow();
  return (
    <div className="card">
      <Facts facts={factsOf(alert, now)} />
    </div>
  );
}

function factsOf(alert: AlertSummary, now: number): Fact[] {
  return [
    ['State', <StatusMark key="state" mark={alertMark(alert, now)} />],
    ...(isSnoozed(alert, now)
      ? [['Nobody is told until', <Ago key="snooze" at={alert.snoozedUntil} />] as const]
      : []),
    ...(alert.acknowledgedAt === null
      ? []
      : [
          [
            'Acknowledged',
            <span key="acknowledged">
              <Ago at={alert.acknowledgedAt} /> by {alert.acknowledgedBy ?? 'somebody'}
            </span>,
          ] as const,
        ]),
    ['Last seen', <Ago key="seen" at={alert.lastSeenAt} />],
    ['Met', `${sayCount(alert.count)} ×`],
    ['Came back', alert.reopenedCount === 0 ? 'never' : `${sayCount(alert.reopenedCount)} ×`],
    ['Class', alertClassNames[alert.class]],
    ['Found by', alert.source === null ? 'a part, as it happened' : sayName(alert.source)],
    ...(alert.runnerId === null
      ? []
      : [['Around it', <AroundIt key="logs" alert={alert} runnerId={alert.runnerId} />] as const]),
    ['Alert', <Copyable key="id" text={alert.alertId} label="the alert’s id" />],
  ];
}

/** What the instrument's agent said from a quarter of an hour before on, and what ran. */
function AroundIt({ alert, runnerId }: { alert: AlertSummary; runnerId: string }) {
  const from = new Date(Date.parse(alert.openedAt) - BEFORE_MS).toISOString();
  return (
    <>
      <Link to="/logs" search={{ runner: runnerId, from }} className="link">
        Logs
      </Link>
      {' · '}
      <Link to="/runs" search={{ runner: runnerId }} className="link">
        Runs
      </Link>
    </>
  );
}
