import { Link } from '@tanstack/react-router';
import type { RunSummary } from '../../../shared/contract/fleet.ts';
import { sayCount, saySize } from '../format/amount.ts';
import { sayName, shortId } from '../format/ids.ts';
import { withoutFiles } from '../format/runWork.ts';
import { runMarks } from '../format/marks.ts';
import { Ago, Took } from './Ago.tsx';
import { StatusMark } from './StatusMark.tsx';
import { type Column, Table } from './Table.tsx';

const columns: readonly Column[] = [
  { name: 'Status' },
  { name: 'Run' },
  { name: 'Instrument', wide: true },
  { name: 'Started', wide: true },
  { name: 'Took', wide: true, align: 'end' },
  { name: 'Files', align: 'end' },
  { name: 'Size', wide: true, align: 'end' },
];

/** Runs of any kind, each opening its own page. */
export function RunTable({ label, runs }: { label: string; runs: readonly RunSummary[] }) {
  return (
    <Table label={label} columns={columns}>
      {runs.map((run) => (
        <RunRow key={run.runId} run={run} />
      ))}
    </Table>
  );
}

function RunRow({ run }: { run: RunSummary }) {
  return (
    <tr data-row="">
      <td>
        <StatusMark mark={runMarks[run.status]} detail={run.statusReason} />
      </td>
      <td>
        <Link to="/runs/$runId" params={{ runId: run.runId }} className="link" title={run.runId}>
          <span className="wide">{run.runId}</span>
          <span className="narrow one-line">{shortId(run.runId)}</span>
        </Link>
        <span className="under wide">{sayName(run.syncType)}</span>
        <span className="under narrow">
          {run.runnerName ?? sayName(run.syncType)}, <Ago at={run.startedAt} />
        </span>
      </td>
      <td className="wide">
        <RunSubject run={run} />
      </td>
      <td className="wide">
        <Ago at={run.startedAt} />
      </td>
      <td className="end wide">
        <Took from={run.startedAt} to={run.endedAt} />
      </td>
      <td className="end">
        <FileCounts run={run} />
      </td>
      <td className="end wide">{saySize(run.bytesArchived)}</td>
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
      {failed === null ? null : <span className="under bad-text">{failed}</span>}
    </>
  );
}
