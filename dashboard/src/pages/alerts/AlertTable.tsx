import type { AlertSummary } from '../../../../shared/contract/alerts.ts';
import { useNow } from '../../app/services.ts';
import { useMay } from '../../app/session.ts';
import { sayAmount } from '../../format/amount.ts';
import { alertMark } from '../../format/alertMarks.ts';
import { severityMarks } from '../../format/marks.ts';
import { Ago } from '../../parts/Ago.tsx';
import { AlertActions } from '../../parts/alert-actions/AlertActions.tsx';
import { AlertLink } from '../../parts/AlertLink.tsx';
import { RunnerLink } from '../../parts/RunnerLink.tsx';
import { ShapeIcon, StatusMark } from '../../parts/StatusMark.tsx';
import { TimedText } from '../../parts/TimedText.tsx';
import { type Column, Table } from '../../parts/Table.tsx';

const columns: readonly Column[] = [
  { name: 'Alert' },
  { name: 'Instrument', wide: true },
  { name: 'Opened', wide: true },
  { name: 'State', wide: true },
];
const actionColumn: Column = { name: ' ', align: 'end', wide: true };

/** Alerts, each opening its incident; what can be done about it stands at its right. */
export function AlertTable({ label, alerts }: { label: string; alerts: readonly AlertSummary[] }) {
  const mayOperate = useMay('operator');
  return (
    <Table label={label} columns={mayOperate ? [...columns, actionColumn] : columns}>
      {alerts.map((alert) => (
        <AlertRow key={alert.alertId} alert={alert} mayOperate={mayOperate} />
      ))}
    </Table>
  );
}

function AlertRow({ alert, mayOperate }: { alert: AlertSummary; mayOperate: boolean }) {
  const state = alertMark(alert, useNow());
  const { shape, word } = severityMarks[alert.severity];
  return (
    <tr data-row="">
      <td className="alert-cell">
        <ShapeIcon shape={shape} />
        <div>
          <span className="visually-hidden">{word}: </span>
          <AlertLink alertId={alert.alertId}>{alert.title}</AlertLink>
          <span className="under">
            <TimedText text={alert.detail} />
          </span>
          <AlertCounts alert={alert} />
          <span className="under narrow">
            {alert.runnerName === null ? '' : `${alert.runnerName} · `}
            {state.word} · opened <Ago at={alert.openedAt} />
          </span>
        </div>
      </td>
      <td className="wide">
        <RunnerLink runnerId={alert.runnerId} name={alert.runnerName} />
        {alert.jobName === null ? null : <span className="under">{alert.jobName}</span>}
      </td>
      <td className="wide">
        <Ago at={alert.openedAt} />
        <span className="under">
          seen <Ago at={alert.lastSeenAt} />
        </span>
      </td>
      <td className="wide">
        <StatusMark mark={state} detail={alert.resolvedReason} />
        {alert.acknowledgedBy === null || alert.status !== 'acknowledged' ? null : (
          <span className="under">by {alert.acknowledgedBy}</span>
        )}
      </td>
      {mayOperate ? (
        <td className="end wide">
          <AlertActions alert={alert} compact />
        </td>
      ) : null}
    </tr>
  );
}

/** How much there is behind one row: effects, times met, times it came back. */
function AlertCounts({ alert }: { alert: AlertSummary }) {
  const parts = [
    alert.effects === 0 ? undefined : `explains ${sayAmount(alert.effects, 'other alert')}`,
    alert.causeAlertId === null ? undefined : 'explained by another alert',
    alert.count > 1 ? `met ${sayAmount(alert.count, 'time')}` : undefined,
    alert.reopenedCount > 0 ? `came back ${sayAmount(alert.reopenedCount, 'time')}` : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? null : <span className="under">{parts.join(' · ')}</span>;
}
