import { workflowRun } from '../../../../shared/contract/workflows.ts';
import { LIVE_MS, useAnswer } from '../../app/answers.ts';
import { shortId } from '../../format/ids.ts';
import { neverBegan, runMark, sayStarter } from '../../format/runWords.ts';
import { Advice } from '../../parts/Advice.tsx';
import { Ago, Took } from '../../parts/Ago.tsx';
import { Copyable } from '../../parts/Copyable.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { JsonBlock } from '../../parts/JsonBlock.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { Section } from '../../parts/Section.tsx';
import { StatusMark } from '../../parts/StatusMark.tsx';
import { StepTimeline } from '../../parts/StepTimeline.tsx';
import { FailureNote } from './FailureNote.tsx';
import { RunActions } from './RunActions.tsx';
import { RunChanges } from './RunChanges.tsx';
import { RunLogs } from './RunLogs.tsx';
import type { WorkflowRunAnswer } from './standing.ts';
import { WhereItStands } from './WhereItStands.tsx';

const ENDED_EVERY_MS = 15_000;

/** A run of a workflow: where it stands, what it did step by step, what came of it, and what may be done about it. */
export function WorkflowRun({ runId }: { runId: string }) {
  const answer = useAnswer(
    workflowRun,
    { params: { runId } },
    { everyMs: (last) => (last !== undefined && last.run.endedAt !== null ? ENDED_EVERY_MS : LIVE_MS) },
  );
  return (
    <Pending query={answer} doing={`Loading run ${shortId(runId)}`}>
      {(data) => <WorkflowRunDetail data={data} />}
    </Pending>
  );
}

function WorkflowRunDetail({ data }: { data: WorkflowRunAnswer }) {
  const { run, failure, changes, steps } = data;
  return (
    <>
      <PageHead title={run.syncType} lead={<RunLead run={run} />}>
        <StatusMark mark={runMark(run)} />
        <RunActions data={data} />
      </PageHead>
      {failure === null ? (
        <Advice run={run} advice={data.advice} />
      ) : (
        <FailureNote data={data} failure={failure} />
      )}
      {neverBegan(run) ? null : (
        <>
          <WhereItStands data={data} />
          <Section title="Steps">
            <StepTimeline
              steps={steps}
              startedAt={run.startedAt}
              endedAt={run.endedAt}
              nameOf={(step) => step}
            />
          </Section>
        </>
      )}
      {changes === 0 ? null : <RunChanges runId={run.runId} count={changes} live={run.endedAt === null} />}
      {neverBegan(run) ? null : <RunLogs runId={run.runId} live={run.endedAt === null} />}
      <Section title="Details">
        <div className="card">
          <Facts
            facts={[
              ['Run', <Copyable key="run" text={run.runId} label="the run’s id" />],
              ['Correlation id', <Copyable key="id" text={run.correlationId} label="the correlation id" />],
              [
                'Log lines',
                <a key="log" href="#log" className="link">
                  Lines of this run
                </a>,
              ],
              ['Started by', sayStarter(run)],
            ]}
          />
          <Recorded title="Payload" value={data.payload} />
          {failure === null ? <Recorded title="Result" value={data.result} /> : null}
        </div>
      </Section>
    </>
  );
}

function RunLead({ run }: { run: WorkflowRunAnswer['run'] }) {
  if (neverBegan(run))
    return (
      <>
        <code className="block">{run.runId}</code>
        was due <Ago at={run.startedAt} />
      </>
    );
  return (
    <>
      <code className="block">{run.runId}</code>
      started <Ago at={run.startedAt} /> by {sayStarter(run)},{' '}
      {run.endedAt === null ? 'running for ' : 'took '}
      <Took from={run.startedAt} to={run.endedAt} />
    </>
  );
}

function Recorded({ title, value }: { title: string; value: unknown }) {
  if (value === null || value === undefined) return null;
  return (
    <details open>
      <summary>{title}</summary>
      <JsonBlock value={value} label={title} />
    </details>
  );
}
