import { Link } from '@tanstack/react-router';
import { type ChangeEvent, changes } from '../../../../shared/contract/workflows.ts';
import { useAnswer } from '../../app/answers.ts';
import { changeMark } from '../../format/changeMarks.ts';
import { showUnseen } from '../../format/logText.ts';
import { Ago } from '../../parts/Ago.tsx';
import { Section } from '../../parts/Section.tsx';
import { ShapeIcon } from '../../parts/StatusMark.tsx';

const SHOWN = 6;
const EVERY_MS = 10_000;

/** What changed outside last; nothing where no register is walked. */
export function NewestChanges() {
  const { data } = useAnswer(changes, { query: { limit: SHOWN } }, { everyMs: EVERY_MS });
  if (data === undefined || data.changes.length === 0) return null;
  return (
    <Section
      title="Newest changes"
      className="overview-changes"
      actions={
        <Link to="/changes" className="link">
          All changes
        </Link>
      }
    >
      <ul className="feed">
        {data.changes.map((change) => (
          <FeedItem key={change.changeId} change={change} />
        ))}
      </ul>
    </Section>
  );
}

function FeedItem({ change }: { change: ChangeEvent }) {
  const { shape, word } = changeMark(change.eventType);
  return (
    <li data-row="">
      <ShapeIcon shape={shape} />
      <Link to="/changes" search={{ q: change.entityCode, register: change.register }} className="feed-link">
        <span>
          {showUnseen(change.entityCode)} <span className="quiet">{change.register}</span>
        </span>
        <span className="quiet">
          {word}
          {change.eventType === 'status_changed' && change.newValue !== null
            ? `: ${showUnseen(change.newValue)}`
            : ''}
        </span>
      </Link>
      <span className="quiet">
        <Ago at={change.createdAt} />
      </span>
    </li>
  );
}
