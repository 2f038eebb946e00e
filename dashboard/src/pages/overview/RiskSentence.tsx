import type { Risk } from '../../../../shared/contract/fleet.ts';
import { riskMarks } from '../../format/marks.ts';
import { usePageTitle } from '../../parts/PageHead.tsx';
import { ShapeIcon } from '../../parts/StatusMark.tsx';

/** The server's one sentence; the same function as the audit's made it. */
export function RiskSentence({ risk }: { risk: Risk }) {
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
      </div>
    </div>
  );
}
