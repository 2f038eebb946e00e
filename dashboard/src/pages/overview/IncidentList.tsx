import { Link } from '@tanstack/react-router';
import { alerts as alertsEndpoint, type AlertSummary } from '../../../../shared/contract/alerts.ts';
import { useAnswer } from '../../app/answers.ts';
import { useNow } from '../../app/services.ts';
import { isSnoozed } from '../../format/alertMarks.ts';
import { sayAmount } from '../../format/amount.ts';
import { severityMarks } from '../../format/marks.ts';
import { ForAsLong } from '../../parts/Ago.tsx';
import { AlertLink } from '../../parts/AlertLink.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { RunnerLink } from '../../parts/RunnerLink.tsx';
import { Section } from '../../parts/Section.tsx';
import { TimedText } from '../../parts/TimedText.tsx';
import { ShapeIcon } from '../../parts/StatusMark.tsx';

const SHOWN = 8;
const QUERY = { status: 'unresolved', causesOnly: true, limit: SHOWN } as const;

/** Open incidents by their causes; the newest first, as the server sends them. */
export function IncidentList() {
  const answer = useAnswer(alertsEndpoint, { query: QUERY });
  const isPressing = (answer.data?.alerts.length ?? 0) > 0;
  return (
    <Section
      title="Open incidents"
      className={`overview-alerts ${isPressing ? 'pressing' : ''}`}
      actions={
        <Link to="/alerts" className="link">
          All alerts
        </Link>
      }
    >
      <Pending query={answer} doing="Loading the incidents">
        {(data) =>
          data.alerts.length === 0 ? (
            <p className="quiet">None. What goes wrong appears here with its cause and since when.</p>
          ) : (
            <ul className="alerts">
              {data.alerts.map((alert) => (
                <IncidentItem key={alert.alertId} alert={alert} />
              ))}
            </ul>
          )
        }
      </Pending>
    </Section>
  );
}

function IncidentItem({ alert }: { alert: AlertSummary }) {
  const { shape, word } = severityMarks[alert.severity];
  return (
    <li className="alert" data-row="">
      <ShapeIcon shape={shape} />
      <div>
        <span className="visually-hidden">{word}: </span>
        <AlertLink alertId={alert.alertId}>{alert.title}</AlertLink>
        <p>
          <TimedText text={alert.detail} />
        </p>
        <p className="quiet">
          <ForAsLong since={alert.openedAt} />
          {alert.effects === 0 ? '' : `, explains ${sayAmount(alert.effects, 'other')}`}
          {alert.count > 1 ? `, met ${sayAmount(alert.count, 'time')}` : ''}
          <Handled alert={alert} />
          {alert.runnerId === null ? null : (
            <>
              {' · '}
              <RunnerLink runnerId={alert.runnerId} name={alert.runnerName} />
            </>
          )}
        </p>
      </div>
    </li>
  );
}

/** Whether somebody is on it already. */
function Handled({ alert }: { alert: AlertSummary }) {
  const now = useNow();
  if (isSnoozed(alert, now)) return ', snoozed';
  return alert.status === 'acknowledged' ? `, ${alert.acknowledgedBy ?? 'somebody'} is on it` : '';
}
