import { getRouteApi, Link } from '@tanstack/react-router';
import { alert as alertEndpoint } from '../../../../shared/contract/alerts.ts';
import { useAnswer } from '../../app/answers.ts';
import { useMay } from '../../app/session.ts';
import { sayName, shortId } from '../../format/ids.ts';
import { severityMarks } from '../../format/marks.ts';
import { Ago, ForAsLong, Took } from '../../parts/Ago.tsx';
import { AlertActions } from '../../parts/alert-actions/AlertActions.tsx';
import { AlertLink } from '../../parts/AlertLink.tsx';
import { JsonNote } from '../../parts/JsonNote.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { Section } from '../../parts/Section.tsx';
import { TimedText } from '../../parts/TimedText.tsx';
import { ShapeIcon } from '../../parts/StatusMark.tsx';
import { CustomerClock } from './CustomerClock.tsx';
import { EffectList } from './EffectList.tsx';
import { IncidentFacts } from './IncidentFacts.tsx';
import type { IncidentAnswer } from './incidentTimeline.ts';
import { IncidentTimeline } from './IncidentTimeline.tsx';

const route = getRouteApi('/alerts/$alertId');

/** One problem: what it is, by when it matters, what to do, what it explains, and who was told. */
export function IncidentPage() {
  const { alertId } = route.useParams();
  const answer = useAnswer(alertEndpoint, { params: { alertId } });
  return (
    <Pending query={answer} doing={`Loading alert ${shortId(alertId)}`}>
      {(data) => <Incident data={data} />}
    </Pending>
  );
}

function Incident({ data }: { data: IncidentAnswer }) {
  const { alert, cause, customerDueAt } = data;
  const mayOperate = useMay('operator');
  return (
    <>
      <PageHead title={alert.title} lead={<IncidentLead data={data} />}>
        {mayOperate ? <AlertActions alert={alert} /> : null}
      </PageHead>
      {customerDueAt === null ? null : (
        <CustomerClock openedAt={alert.openedAt} dueAt={customerDueAt} endedAt={alert.resolvedAt} />
      )}
      <WhatHappened data={data} />
      {cause === null ? null : (
        <div className="note">
          <ShapeIcon shape={severityMarks[cause.severity].shape} />
          <p>
            Explained by <AlertLink alertId={cause.alertId}>{cause.title}</AlertLink>,{' '}
            <ForAsLong since={cause.openedAt} />: begin there. Nobody is told of this one apart.
          </p>
        </div>
      )}
      <IncidentFacts alert={alert} />
      {data.facts === null || data.facts === undefined ? null : (
        <Section title="In numbers">
          <div className="card">
            <JsonNote value={data.facts} />
          </div>
        </Section>
      )}
      <EffectList effects={data.effects} />
      <Section title="What became of it, and who was told">
        <IncidentTimeline data={data} />
      </Section>
    </>
  );
}

function IncidentLead({ data: { alert } }: { data: IncidentAnswer }) {
  return (
    <>
      {severityMarks[alert.severity].word}, <OpenFor alert={alert} />
      {alert.runnerId === null ? null : (
        <>
          {' · '}
          <Link to="/runners/$runnerId" params={{ runnerId: alert.runnerId }} className="link">
            {alert.runnerName ?? alert.runnerId}
          </Link>
          {alert.jobName === null ? '' : ` · ${alert.jobName}`}
        </>
      )}
    </>
  );
}

/** For how long it has been so, or was. */
function OpenFor({ alert }: Pick<IncidentAnswer, 'alert'>) {
  if (alert.resolvedAt === null) return <ForAsLong since={alert.openedAt} />;
  return (
    <>
      opened <Ago at={alert.openedAt} />, for <Took from={alert.openedAt} to={alert.resolvedAt} />
    </>
  );
}

/** The sentence for whoever was woken, with the runbook beside it. */
function WhatHappened({ data: { alert, runbookUrl } }: { data: IncidentAnswer }) {
  const isOver = alert.status === 'resolved';
  const tone = isOver ? '' : alert.severity === 'critical' ? 'note-bad' : 'note-warn';
  const { shape } = isOver ? { shape: 'good' as const } : severityMarks[alert.severity];
  return (
    <div className={`note ${tone}`} aria-live="polite">
      <ShapeIcon shape={shape} size={20} />
      <div>
        <p className="incident-detail">
          <TimedText text={alert.detail} />
        </p>
        {isOver ? (
          <p>
            Over <Ago at={alert.resolvedAt} />
            {alert.resolvedReason === null ? '.' : `: ${alert.resolvedReason}`}
          </p>
        ) : null}
        <Runbook chapter={alert.runbook} url={runbookUrl} />
      </div>
    </div>
  );
}

/** What to do about it stands in the runbook: a link where its address is known, otherwise the chapter to look up. */
function Runbook({ chapter, url }: { chapter: string | null; url: string | null }) {
  if (chapter === null) return null;
  return (
    <p>
      What to do:{' '}
      {url === null ? (
        <>
          runbook, chapter <code>{chapter}</code>
        </>
      ) : (
        <a className="link" href={url} target="_blank" rel="noreferrer">
          runbook, {sayName(chapter).toLowerCase()}
        </a>
      )}
    </p>
  );
}
