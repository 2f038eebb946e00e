import { Link } from '@tanstack/react-router';
import type { Risk, RunnerView } from '../../../../shared/contract/fleet.ts';
import { useServices } from '../../app/services.ts';
import { useStore } from '../../app/store.ts';
import { riskMarks } from '../../format/marks.ts';
import { sayClock } from '../../format/time.ts';
import { usePageTitle } from '../../parts/PageHead.tsx';
import { ShapeIcon } from '../../parts/StatusMark.tsx';

/**
 * The server's one sentence; the same function as the audit's made it. While the server is away it is what was so,
 * and is not shown as what is.
 */
export function RiskSentence({ risk, runners }: { risk: Risk; runners: readonly RunnerView[] }) {
  const { failingSince, lastAnswerAt } = useStore(useServices().connection);
  const isOld = failingSince !== null;
  const { word, shape } = riskMarks[risk.level];
  usePageTitle(`${isOld ? 'Not known' : word} · Overview`);
  return (
    <div className={`risk risk-${isOld ? 'unknown' : risk.level}`} aria-live="polite">
      <ShapeIcon shape={isOld ? 'idle' : shape} size={36} />
      <div>
        <h1>
          <span className="visually-hidden">{word}: </span>
          {risk.sentence}
        </h1>
        {isOld && lastAnswerAt !== null ? (
          <p className="lead">So it was at {sayClock(lastAnswerAt)}; what is now, this page cannot know.</p>
        ) : null}
        {risk.action === null ? null : <p className="lead">{risk.action}</p>}
        <WhereToAct risk={risk} runners={runners} />
      </div>
    </div>
  );
}

/** The instruments that the sentence is about, to be opened at once. */
function WhereToAct({ risk, runners }: { risk: Risk; runners: readonly RunnerView[] }) {
  if (risk.level === 'safe') return null;
  const concerned = runners.filter((runner) => runner.risk.level === risk.level).slice(0, 4);
  if (concerned.length === 0) return null;
  return (
    <p className="where-to-act">
      {concerned.map((runner) => (
        <Link
          key={runner.runnerId}
          to="/runners/$runnerId"
          params={{ runnerId: runner.runnerId }}
          className="link"
        >
          Open {runner.name}
        </Link>
      ))}
    </p>
  );
}
