import type { ChangeEvent } from '../../../shared/contract/workflows.ts';
import { changeMark } from '../format/changeMarks.ts';
import { sayName, shortId } from '../format/ids.ts';
import { showUnseen } from '../format/logText.ts';
import { Ago } from './Ago.tsx';
import { BeforeAfter } from './BeforeAfter.tsx';
import { RunLink } from './RunLink.tsx';
import { StatusMark } from './StatusMark.tsx';
import { type Column, Table } from './Table.tsx';

const columns: readonly Column[] = [
  { name: 'What' },
  { name: 'Entity' },
  { name: 'Before → after', wide: true },
  { name: 'Seen', wide: true },
];

/** What changed outside, with the run that saw it. `ofOneRun`: the run is known already. */
export function ChangeTable({
  changes,
  ofOneRun = false,
}: {
  changes: readonly ChangeEvent[];
  ofOneRun?: boolean;
}) {
  return (
    <Table label="Changes, newest first" columns={columns}>
      {changes.map((change) => (
        <ChangeRow key={change.changeId} change={change} ofOneRun={ofOneRun} />
      ))}
    </Table>
  );
}

function ChangeRow({ change, ofOneRun }: { change: ChangeEvent; ofOneRun: boolean }) {
  return (
    <tr data-row="">
      <td>
        <StatusMark mark={changeMark(change.eventType)} />
        <span className="under">{change.register}</span>
      </td>
      <td>
        <code>{showUnseen(change.entityCode)}</code>
        <span className="under">{sayName(change.entityType)}</span>
        <div className="narrow">
          <WhatItWas change={change} />
          <span className="under">
            <Ago at={change.createdAt} />
            {ofOneRun ? null : (
              <>
                , <RunLink runId={change.runId}>its run</RunLink>
              </>
            )}
          </span>
        </div>
      </td>
      <td className="wide">
        <WhatItWas change={change} />
      </td>
      <td className="wide">
        <Ago at={change.createdAt} />
        {ofOneRun ? null : (
          <span className="under one-line">
            <RunLink runId={change.runId}>{shortId(change.runId)}</RunLink>
          </span>
        )}
      </td>
    </tr>
  );
}

function WhatItWas({ change }: { change: ChangeEvent }) {
  return (
    <>
      <BeforeAfter change={change} />
      {change.detail === null ? null : <span className="under">{showUnseen(change.detail)}</span>}
    </>
  );
}
