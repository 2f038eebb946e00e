import type { AlertSummary } from '../../../../shared/contract/alerts.ts';
import { useNow } from '../../app/services.ts';
import { alertMark } from '../../format/alertMarks.ts';
import { sayAmount } from '../../format/amount.ts';
import { severityMarks } from '../../format/marks.ts';
import { ForAsLong } from '../../parts/Ago.tsx';
import { AlertLink } from '../../parts/AlertLink.tsx';
import { RunnerLink } from '../../parts/RunnerLink.tsx';
import { Section } from '../../parts/Section.tsx';
import { TimedText } from '../../parts/TimedText.tsx';
import { ShapeIcon } from '../../parts/StatusMark.tsx';

/** The alerts that this one explains. */
export function EffectList({ effects }: { effects: readonly AlertSummary[] }) {
  if (effects.length === 0) return null;
  return (
    <Section title={`Explains ${sayAmount(effects.length, 'other alert')}`}>
      <ul className="alerts">
        {effects.map((effect) => (
          <EffectItem key={effect.alertId} effect={effect} />
        ))}
      </ul>
    </Section>
  );
}

function EffectItem({ effect }: { effect: AlertSummary }) {
  const state = alertMark(effect, useNow());
  const { shape, word } = severityMarks[effect.severity];
  return (
    <li className="alert" data-row="">
      <ShapeIcon shape={shape} />
      <div>
        <span className="visually-hidden">{word}: </span>
        <AlertLink alertId={effect.alertId}>{effect.title}</AlertLink>
        <span className="under">
          <TimedText text={effect.detail} />
        </span>
        <span className="under">
          {state.word}, <ForAsLong since={effect.openedAt} />
          {effect.runnerId === null ? null : (
            <>
              {' · '}
              <RunnerLink runnerId={effect.runnerId} name={effect.runnerName} />
            </>
          )}
        </span>
      </div>
    </li>
  );
}
