import { getRouteApi, Link } from '@tanstack/react-router';
import type { ResponseOf } from '../../../../shared/contract/endpoint.ts';
import { type RunFile, run as runEndpoint } from '../../../../shared/contract/fleet.ts';
import { LIVE_MS, useAnswer } from '../../app/answers.ts';
import { sayCount, saySize } from '../../format/amount.ts';
import { sayName, shortId } from '../../format/ids.ts';
import { runMarks } from '../../format/marks.ts';
import { Advice } from '../../parts/Advice.tsx';
import { Ago, Took } from '../../parts/Ago.tsx';
import { Copyable } from '../../parts/Copyable.tsx';
import { type Fact, Facts } from '../../parts/Facts.tsx';
import { InFlightTable } from '../../parts/InFlightTable.tsx';
import { JsonNote } from '../../parts/JsonNote.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { Section } from '../../parts/Section.tsx';
import { StatusMark } from '../../parts/StatusMark.tsx';
import { WorkflowRun } from '../workflow-run/WorkflowRun.tsx';
import { FilesSection } from './FilesSection.tsx';
import { StepTimeline } from '../../parts/StepTimeline.tsx';

const route = getRouteApi('/runs/$runId');

type RunAnswer = ResponseOf<typeof runEndpoint>;

/** One run: what it did step by step, what came of it, and what to do about it. A workflow's run says more of itself. */
export function RunPage() {
  const { runId } = route.useParams();
  const answer = useAnswer(
    runEndpoint,
    { params: { runId } },
    { everyMs: (last) => (last?.run.isWorkflow === true ? false : LIVE_MS) },
  );
  return (
    <Pending query={answer} doing={`Loading run ${shortId(runId)}`}>
      {(data) => (data.run.isWorkflow ? <WorkflowRun runId={runId} /> : <RunDetail data={data} />)}
    </Pending>
  );
}

function RunDetail({ data }: { data: RunAnswer }) {
  const { run } = data;
  return (
    <>
      <PageHead
        title={
          run.runnerName === null ? sayName(run.syncType) : `${sayName(run.syncType)} of ${run.runnerName}`
        }
        lead={<RunLead data={data} />}
      >
        <StatusMark mark={runMarks[run.status]} />
      </PageHead>
      <Advice run={data.run} advice={data.advice} />
      {run.syncType === 'bulk_retry' ? null : (
        <div className="card">
          <Facts className="facts-row" facts={countsOf(data)} />
        </div>
      )}
      <Section title="Steps">
        <StepTimeline steps={data.steps} startedAt={run.startedAt} endedAt={run.endedAt} nameOf={sayName} />
      </Section>
      {data.inFlight.length === 0 ? null : (
        <Section title="In flight">
          <InFlightTable files={data.inFlight} />
        </Section>
      )}
      {run.syncType === 'file_sync' ? <FilesSection runId={run.runId} live={run.endedAt === null} /> : null}
      <Details data={data} />
    </>
  );
}

function RunLead({ data: { run } }: { data: RunAnswer }) {
  return (
    <>
      <code className="block">{run.runId}</code>
      {run.runnerId === null ? null : (
        <>
          <Link to="/runners/$runnerId" params={{ runnerId: run.runnerId }} className="link">
            {run.runnerName ?? run.runnerId}
          </Link>
          {run.jobName === null ? ' · ' : ` · ${run.jobName} · `}
        </>
      )}
      started <Ago at={run.startedAt} />, {run.endedAt === null ? 'running for ' : 'took '}
      <Took from={run.startedAt} to={run.endedAt} />
    </>
  );
}

function countsOf({ run }: RunAnswer): Fact[] {
  return [
    ['Examined', sayCount(run.filesExamined)],
    ['Needed', sayCount(run.filesNeeded)],
    ['Archived', <FilesLink key="archived" runId={run.runId} state="archived" count={run.filesArchived} />],
    ['Skipped', <FilesLink key="skipped" runId={run.runId} state="skipped" count={run.filesSkipped} />],
    ['Failed', <FilesLink key="failed" runId={run.runId} state="failed" count={run.filesFailed} />],
    ['Size archived', saySize(run.bytesArchived)],
    ['Last sign of life', <Ago key="activity" at={run.lastActivityAt} />],
  ];
}

/** A number that leads to the files it counts. */
function FilesLink({ runId, state, count }: { runId: string; state: RunFile['state']; count: number }) {
  if (count === 0) return '0';
  return (
    <Link to="/runs/$runId" params={{ runId }} search={{ state }} hash="files" className="link">
      {sayCount(count)}
    </Link>
  );
}

function Details({ data: { run, payload, result } }: { data: RunAnswer }) {
  return (
    <Section title="Details">
      <div className="card">
        <Facts
          facts={[
            ['Run', <Copyable key="run" text={run.runId} label="the run’s id" />],
            ['Correlation id', <Copyable key="id" text={run.correlationId} label="the correlation id" />],
            ['Log lines', <LogLink key="logs" run={run} />],
            ['Started by', run.triggeredBy === null ? run.trigger : `${run.triggeredBy} (${run.trigger})`],
          ]}
        />
        <Recorded title="Result" value={result} />
        <Recorded title="Payload" value={payload} />
      </div>
    </Section>
  );
}

/** What the agent said under this run's correlation id, from shortly before it began on. */
function LogLink({ run }: { run: RunAnswer['run'] }) {
  if (run.runnerId === null) return <span className="quiet">none: no agent ran this</span>;
  const from = new Date(Date.parse(run.startedAt) - 60_000).toISOString();
  return (
    <Link to="/logs" search={{ runner: run.runnerId, correlation: run.correlationId, from }} className="link">
      Lines of this run
    </Link>
  );
}

function Recorded({ title, value }: { title: string; value: unknown }) {
  if (value === null || value === undefined) return null;
  return (
    <details>
      <summary>{title}</summary>
      <JsonNote value={value} />
    </details>
  );
}
