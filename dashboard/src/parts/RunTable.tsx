import { Link } from '@tanstack/react-router';
import type { RunSummary } from '../../../shared/contract/fleet.ts';
import { useServices } from '../app/services.ts';
import { sayCount, saySize } from '../format/amount.ts';
import { shortId } from '../format/ids.ts';
import { withoutFiles } from '../format/runWork.ts';
import { isPast, neverBegan, runMark, sayRunKind, sayStarter } from '../format/runWords.ts';
import { Ago, Took } from './Ago.tsx';
import { StatusMark } from './StatusMark.tsx';
import { type Column, Table } from './Table.tsx';

const columns: readonly Column[] = [
  { name: 'Status' },
  { name: 'Run' },
  { name: 'Instrument', wide: true },
  { name: 'Started', wide: true },
  { name: 'Took', wide: true, align: 'end' },
  { name: 'Files or records', align: 'end' },
];

/** Runs of any kind, each opening its own page; those older than a week are dimmed. */
export function RunTable({ label, runs }: { label: string; runs: readonly RunSummary[] }) {
  const nowMs = useServices().clock.read();
  return (
    <Table label={label} columns={columns}>
      {runs.map((run) => (
        <RunRow key={run.runId} run={run} past={isPast(run, nowMs)} />
      ))}
    </Table>
  );
}

function RunRow({ run, past }: { run: RunSummary; past: boolean }) {
  return (
    <tr data-row="" className={past ? 'past' : ''}>
      <td>
        <StatusMark mark={runMark(run)} detail={run.statusReason} />
        {run.errorTag === null ? null : <span className="under">{run.errorTag}</span>}
      </td>
      <td>
        <Link to="/runs/$runId" params={{ runId: run.runId }} className="link" title={run.runId}>
          <span className="wide">{run.runId}</span>
          <span className="narrow one-line">{shortId(run.runId)}</span>
        </Link>
        <span className="under wide">{sayRunKind(run)}</span>
        <span className="under narrow">
          {run.runnerName ?? sayRunKind(run)}, <Ago at={run.startedAt} />
        </span>
      </td>
      <td className="wide">
        <RunSubject run={run} />
      </td>
      <td className="wide">
        {neverBegan(run) ? 'Due ' : null}
        <Ago at={run.startedAt} />
        <span className="under">by {sayStarter(run)}</span>
      </td>
      <td className="end wide">
        {neverBegan(run) ? <span className="quiet">–</span> : <Took from={run.startedAt} to={run.endedAt} />}
      </td>
      <td className="end">{run.isWorkflow ? <RecordCounts run={run} /> : <FileCounts run={run} />}</td>
    </tr>
  );
}

function RunSubject({ run }: { run: RunSummary }) {
  if (run.runnerId === null) return <span className="quiet">–</span>;
  return (
    <>
      <Link to="/runners/$runnerId" params={{ runnerId: run.runnerId }} className="link">
        {run.runnerName ?? run.runnerId}
      </Link>
      {run.jobName === null ? null : <span className="under">{run.jobName}</span>}
    </>
  );
}

/** Rows read and written. */
function RecordCounts({ run }: { run: RunSummary }) {
  if (run.recordsIn === null && run.recordsOut === null) return <span className="quiet">–</span>;
  return (
    <>
      {sayCount(run.recordsIn ?? 0)} in
      <span className="under">{sayCount(run.recordsOut ?? 0)} out</span>
    </>
  );
}

function FileCounts({ run }: { run: RunSummary }) {
  const failed = run.filesFailed === 0 ? null : `${sayCount(run.filesFailed)} failed`;
  const instead = withoutFiles(run);
  if (instead !== undefined)
    // Files that were deleted before they could be archived are needed by nobody any more, and have failed.
    return failed === null ? (
      <span className="quiet">{instead}</span>
    ) : (
      <span className="bad-text">{failed}</span>
    );
  return (
    <>
      {sayCount(run.filesArchived)} of {sayCount(run.filesNeeded)}
      <span className="under">{saySize(run.bytesArchived)}</span>
      {failed === null ? null : <span className="under bad-text">{failed}</span>}
    </>
  );
}
