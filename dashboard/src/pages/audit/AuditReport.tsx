import { Link } from '@tanstack/react-router';
import type { AuditResult, CheckResult } from '../../../../shared/contract/audit.ts';
import { sayAmount } from '../../format/amount.ts';
import { sayName } from '../../format/ids.ts';
import { checkMarks } from '../../format/marks.ts';
import { Ago, Took } from '../../parts/Ago.tsx';
import { ShapeIcon, StatusMark } from '../../parts/StatusMark.tsx';

/** One audit: its verdict and its checks, the failed ones opened. */
export function AuditReport({ result, newest }: { result: AuditResult; newest: boolean }) {
  const { shape } = checkMarks[result.verdict];
  return (
    <div className="audit">
      <div className={`risk risk-${levels[result.verdict]}`} aria-live="polite">
        <ShapeIcon shape={shape} size={32} />
        <div>
          <p className="risk-sentence">{verdictText(result)}</p>
          <p className="quiet">
            <Ago at={result.finishedAt} />, took <Took from={result.startedAt} to={result.finishedAt} />,
            asked for by {result.requestedBy} ({result.trigger}), exit code {result.exitCode}
            {result.minVersion === null ? '' : `, agents from ${result.minVersion} on`}
          </p>
          {newest ? null : (
            <Link to="/audit" search={{}} className="link">
              This is an earlier audit: show the newest
            </Link>
          )}
        </div>
      </div>
      <ul className="checks">
        {result.checks.map((check) => (
          <CheckItem key={check.name} check={check} />
        ))}
      </ul>
    </div>
  );
}

const levels: Record<AuditResult['verdict'], string> = {
  pass: 'safe',
  warn: 'attention',
  fail: 'danger',
  error: 'danger',
};

function verdictText({ verdict, checks }: AuditResult): string {
  const count = (status: CheckResult['status']) => checks.filter((check) => check.status === status).length;
  if (verdict === 'error') return 'The audit itself failed: it says nothing about the archive.';
  if (verdict === 'fail') return `${count('fail')} of ${sayAmount(checks.length, 'check')} failed.`;
  if (verdict === 'warn') return `All ${checks.length} checks hold, ${count('warn')} with a warning.`;
  return `All ${checks.length} checks hold.`;
}

function CheckItem({ check }: { check: CheckResult }) {
  return (
    <li className={`check card level-${levels[check.status]}`}>
      <details open={check.status === 'fail'} data-row="">
        <summary>
          <StatusMark mark={checkMarks[check.status]} />
          <span className="check-name">
            {sayName(check.name)} <code className="quiet">{check.name}</code>
          </span>
          <span className="check-summary">{check.summary}</span>
        </summary>
        <Evidence check={check} />
      </details>
    </li>
  );
}

function Evidence({ check }: { check: CheckResult }) {
  if (check.evidence.length === 0) return <p className="quiet">This check needed to look at nothing.</p>;
  return (
    <ul className="evidence">
      {check.evidence.map((entry) => (
        <li key={`${entry.subject} ${entry.detail}`}>
          <ShapeIcon shape={checkMarks[entry.status].shape} size={14} />
          <span className="visually-hidden">{checkMarks[entry.status].word}: </span>
          <strong>{entry.subject}</strong> <span>{entry.detail}</span>
        </li>
      ))}
    </ul>
  );
}
