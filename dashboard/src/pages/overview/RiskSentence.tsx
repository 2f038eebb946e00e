import { Link } from '@tanstack/react-router';
import type { Risk, RunnerView } from '../../../../shared/contract/fleet.ts';
import { riskMarks } from '../../format/marks.ts';
import { usePageTitle } from '../../parts/PageHead.tsx';
import { ShapeIcon } from '../../parts/StatusMark.tsx';

/** The server's one sentence; the same function as the audit's made it. */
export function RiskSentence({ risk, runners }: { risk: Risk; runners: readonly RunnerView[] }) {
  const { word, shape } = riskMarks[risk.level];
  usePageTitle(`${word} · Overview`);
  return (
    <div className={`risk risk-${risk.level}`} aria-live="polite">
      <ShapeIcon shape={shape} size={36} />
      <div>
        <h1>
          <span className="visually-hidden">{word}: </span>
          {risk.sentence}
        </h1>
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
