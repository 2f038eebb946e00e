import { sayCount } from '../../format/amount.ts';
import { sayName } from '../../format/ids.ts';
import { saySchedule } from '../../format/schedule.ts';
import { type TimerView, timerMarks } from '../../format/timerMarks.ts';
import { Ago, Took } from '../../parts/Ago.tsx';
import { StatusMark } from '../../parts/StatusMark.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import { byNeed } from './timerWords.ts';

const WORTH_A_WORD_MS = 30_000;
const columns: readonly Column[] = [
  { name: 'Timer' },
  { name: 'State' },
  { name: 'Last ran' },
  { name: 'Examined', align: 'end', wide: true },
  { name: 'Changed', align: 'end', wide: true },
  { name: 'In 24 h', align: 'end', wide: true },
  { name: 'Next', wide: true },
];

export function TimerTable({ timers }: { timers: readonly TimerView[] }) {
  return (
    <Table label="Timers" columns={columns}>
      {byNeed(timers).map((timer) => (
        <TimerRow key={timer.name} timer={timer} />
      ))}
    </Table>
  );
}

function TimerRow({ timer }: { timer: TimerView }) {
  const mark = timerMarks[timer.state];
  return (
    <tr>
      <td>
        {sayName(timer.name.replace(/^sweep-/, ''))}
        <span
          className="under"
          title={`${timer.schedule} (seconds, minutes, hours, days, months, weekdays; UTC)`}
        >
          {saySchedule(timer.schedule)}
        </span>
      </td>
      <td>
        <StatusMark mark={mark} detail={mark.meaning} />
        {timer.error === null ? null : <span className="under bad-text">{timer.error}</span>}
        {timer.state === 'late' || timer.state === 'blind' ? (
          <span className="under">{mark.meaning}</span>
        ) : null}
      </td>
      <td>
        <Ago at={timer.lastStartedAt} />
        <LastTook timer={timer} />
      </td>
      <td className="end wide">{timer.examined === null ? '–' : sayCount(timer.examined)}</td>
      <td className="end wide">{timer.changed === null ? '–' : sayCount(timer.changed)}</td>
      <td className="end wide">
        {sayCount(timer.ticks)} ×
        {timer.failed === 0 ? null : <span className="under bad-text">{sayCount(timer.failed)} failed</span>}
      </td>
      <td className="wide">
        <Ago at={timer.nextDueAt} />
      </td>
    </tr>
  );
}

/** How much after its time it began, where that is worth a word. */
function LateBy({ timer: { lastDueAt, lastStartedAt } }: { timer: TimerView }) {
  if (lastDueAt === null || lastStartedAt === null) return null;
  if (Date.parse(lastStartedAt) - Date.parse(lastDueAt) < WORTH_A_WORD_MS) return null;
  return (
    <>
      , <Took from={lastDueAt} to={lastStartedAt} /> after it was due
    </>
  );
}

/** How long the last run took, and how late it began when that is worth a word. */
function LastTook({ timer }: { timer: TimerView }) {
  if (timer.lastStartedAt === null) return null;
  return (
    <span className="under">
      {timer.lastFinishedAt === null ? 'running for ' : 'took '}
      <Took from={timer.lastStartedAt} to={timer.lastFinishedAt} />
      <LateBy timer={timer} />
    </span>
  );
}
