import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import {
  endMaintenanceWindow,
  type MaintenanceWindow,
  maintenanceWindows,
} from '../../../../shared/contract/maintenance.ts';
import { fleet } from '../../../../shared/contract/fleet.ts';
import { useAction, useAnswer } from '../../app/answers.ts';
import { useNow, useServices } from '../../app/services.ts';
import { useMay } from '../../app/session.ts';
import type { Mark } from '../../format/marks.ts';
import { Ago } from '../../parts/Ago.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { RunnerLink } from '../../parts/RunnerLink.tsx';
import { Section } from '../../parts/Section.tsx';
import { StatusMark } from '../../parts/StatusMark.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import { WindowDialog } from './WindowDialog.tsx';

const EVERY_MS = 10_000;
const columns: readonly Column[] = [
  { name: 'Quiet' },
  { name: 'State' },
  { name: 'Begins', wide: true },
  { name: 'Ends', wide: true },
  { name: 'By', wide: true },
  { name: ' ', align: 'end' },
];

/** When nobody is told, because somebody works on it. */
export function Windows() {
  const [adding, setAdding] = useState(false);
  const mayOperate = useMay('operator');
  const answer = useAnswer(maintenanceWindows, {}, { everyMs: EVERY_MS });
  return (
    <Section
      title="Maintenance windows"
      id="windows"
      actions={mayOperate ? <Button onClick={() => setAdding(true)}>Add a window…</Button> : undefined}
    >
      <Pending query={answer} doing="Loading the maintenance windows">
        {(data) =>
          data.windows.length === 0 ? (
            <p className="quiet">
              None. Before work on an instrument, a window keeps its alerts from waking somebody; data loss is
              always told.
            </p>
          ) : (
            <Table label="Maintenance windows" columns={columns}>
              {data.windows.map((window) => (
                <WindowRow key={window.windowId} window={window} mayOperate={mayOperate} />
              ))}
            </Table>
          )
        }
      </Pending>
      {adding ? <WindowDialog onClose={() => setAdding(false)} /> : null}
    </Section>
  );
}

function WindowRow({ window, mayOperate }: { window: MaintenanceWindow; mayOperate: boolean }) {
  const now = useNow();
  const runners = useAnswer(fleet, {}).data?.runners ?? [];
  const runner = runners.find((one) => one.runnerId === window.runnerId);
  const isOver = Date.parse(window.endsAt) <= now;
  return (
    <tr data-row="">
      <td>
        {window.runnerId === null ? (
          window.groupId === null ? (
            'Every instrument'
          ) : (
            `Group ${window.groupId}`
          )
        ) : (
          <RunnerLink runnerId={window.runnerId} name={runner?.name ?? null} />
        )}
        <span className="under">{window.reason}</span>
        <span className="under narrow">
          ends <Ago at={window.endsAt} />
        </span>
      </td>
      <td>
        <StatusMark mark={windowMark(window, now)} />
      </td>
      <td className="wide">
        <Ago at={window.startsAt} />
      </td>
      <td className="wide">
        <Ago at={window.endsAt} />
      </td>
      <td className="wide">{window.createdBy}</td>
      <td className="end">{isOver || !mayOperate ? null : <EndButton window={window} />}</td>
    </tr>
  );
}

function windowMark(window: MaintenanceWindow, now: number): Mark {
  if (Date.parse(window.endsAt) <= now) return { shape: 'good', word: 'Over' };
  return Date.parse(window.startsAt) <= now
    ? { shape: 'paused', word: 'Quiet now' }
    : { shape: 'idle', word: 'To come' };
}

function EndButton({ window }: { window: MaintenanceWindow }) {
  const { notices } = useServices();
  const action = useAction(endMaintenanceWindow);
  const end = () =>
    action.mutate(
      { params: { windowId: window.windowId } },
      { onSuccess: () => notices.say('The window is over: people are told again.') },
    );
  return (
    <>
      <Button size="small" disabled={action.isPending} onClick={end} title="People are told again at once">
        End now
      </Button>
      <ErrorNote error={action.error} doing="Ending the window" />
    </>
  );
}
