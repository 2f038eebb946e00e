import { useNow } from '../../app/services.ts';
import { sayAmount, sayCount } from '../../format/amount.ts';
import { sayExactly, sayLeft } from '../../format/time.ts';
import { Ago } from '../../parts/Ago.tsx';
import { type Fact, Facts } from '../../parts/Facts.tsx';
import { standingOf, type WorkflowRunAnswer } from './standing.ts';

/** Records, changes, the pointer, and what the run waits for. */
export function WhereItStands({ data }: { data: WorkflowRunAnswer }) {
  const { run } = data;
  const facts: Fact[] = [
    ['Records in', run.recordsIn === null ? '–' : sayCount(run.recordsIn)],
    ['Records out', run.recordsOut === null ? '–' : sayCount(run.recordsOut)],
    ['Last sign of life', <Ago key="activity" at={run.lastActivityAt} />],
    ...(run.endedAt === null ? openFacts(data) : []),
  ];
  return (
    <div className="card">
      <Facts className="facts-row" facts={facts} />
    </div>
  );
}

/** Of a run that has not ended: where it goes on, when, and what waits for it. */
function openFacts(data: WorkflowRunAnswer): Fact[] {
  return [
    ['Goes on', <GoesOn key="on" data={data} />],
    ['Pointer', data.pointer === null ? 'at its beginning' : <code key="pointer">{data.pointer}</code>],
    [
      'Messages in the queue',
      data.waitingMessages === null
        ? 'the queue does not answer'
        : `${sayAmount(data.waitingMessages, 'message')} of all runs`,
    ],
  ];
}

function GoesOn({ data }: { data: WorkflowRunAnswer }) {
  const now = useNow();
  const standing = standingOf(data, now);
  if (standing === undefined) return 'when somebody resumes it';
  if (standing.kind === 'broken') return 'when the queue takes its message again';
  if (standing.kind === 'works') return 'it is at work';
  if (standing.kind === 'due') return 'its next slice is due';
  const at = Date.parse(standing.at ?? '');
  const when = (
    <time dateTime={standing.at ?? ''} title={sayExactly(at)}>
      {standing.kind === 'retries' ? sayLeft(at - now) : sayExactly(at).slice(0, 16)}
    </time>
  );
  return standing.kind === 'retries' ? <>tries again in {when}</> : <>sleeps until {when}</>;
}
