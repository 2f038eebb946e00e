import { useNow } from '../../app/services.ts';
import { sayClock, sayDuration, sayExactly } from '../../format/time.ts';
import { Bar } from '../../parts/Bar.tsx';
import { ShapeIcon } from '../../parts/StatusMark.tsx';

interface CustomerClockProps {
  readonly openedAt: string;
  readonly dueAt: string;
  /** When it ended, if the alert is resolved: the clock stands still then. */
  readonly endedAt: string | null;
}

/** Data loss: until when the customer has to be told, and how much of that time is gone. */
export function CustomerClock({ openedAt, dueAt, endedAt }: CustomerClockProps) {
  const now = useNow();
  const due = Date.parse(dueAt);
  const at = endedAt === null ? now : Date.parse(endedAt);
  const span = due - Date.parse(openedAt);
  const left = due - at;
  const isLate = left <= 0;
  return (
    <div className={`note ${endedAt === null ? 'note-bad' : ''} customer-clock`}>
      <ShapeIcon shape={isLate ? 'bad' : 'busy'} size={20} />
      <div>
        <strong title={sayExactly(due)}>
          {endedAt === null
            ? sentence(due, left)
            : `The customer had to be told by ${sayClock(due).slice(0, 5)}.`}
        </strong>
        <Bar
          label="Time to tell the customer"
          value={Math.min(at - Date.parse(openedAt), span)}
          max={span}
          tone={endedAt !== null ? 'calm' : isLate || left < span / 4 ? 'bad' : 'warn'}
          text={isLate ? 'all of it is gone' : `${sayDuration(left)} left of ${sayDuration(span)}`}
        />
        <span className="quiet">
          Data was lost: say what is gone (below), since when, and what is being done. The clock began with
          the alert.
        </span>
      </div>
    </div>
  );
}

function sentence(due: number, left: number): string {
  const by = sayClock(due).slice(0, 5);
  return left > 0
    ? `Tell the customer by ${by}: ${sayDuration(left)} left.`
    : `The customer had to be told by ${by}, ${sayDuration(-left)} ago.`;
}
