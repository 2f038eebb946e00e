import { Link } from '@tanstack/react-router';
import type { RunnerView } from '../../../../shared/contract/fleet.ts';
import { type AlertView, severityMarks } from '../../format/marks.ts';
import { Ago } from '../../parts/Ago.tsx';
import { Section } from '../../parts/Section.tsx';
import { ShapeIcon } from '../../parts/StatusMark.tsx';

/** Open incidents; the newest first, as the server sends them. */
export function AlertList({
  alerts,
  runners,
}: {
  alerts: readonly AlertView[];
  runners: readonly RunnerView[];
}) {
  return (
    <Section title="Open incidents" className={`overview-alerts ${alerts.length === 0 ? '' : 'pressing'}`}>
      {alerts.length === 0 ? (
        <p className="quiet">None. What goes wrong appears here with its cause and since when.</p>
      ) : (
        <ul className="alerts">
          {alerts.map((alert) => (
            <AlertItem key={alert.alertId} alert={alert} runners={runners} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function AlertItem({ alert, runners }: { alert: AlertView; runners: readonly RunnerView[] }) {
  const { shape, word } = severityMarks[alert.severity];
  const runner = runners.find((candidate) => candidate.runnerId === alert.runnerId);
  return (
    <li className="alert" data-row="">
      <ShapeIcon shape={shape} />
      <div>
        <strong>
          <span className="visually-hidden">{word}: </span>
          {alert.title}
        </strong>
        <p>{alert.detail}</p>
        <p className="quiet">
          opened <Ago at={alert.openedAt} />
          {alert.count > 1 ? `, seen ${alert.count} times` : ''}
          {runner === undefined ? null : (
            <>
              {' · '}
              <Link to="/runners/$runnerId" params={{ runnerId: runner.runnerId }} className="link">
                {runner.name}
              </Link>
            </>
          )}
        </p>
      </div>
    </li>
  );
}
