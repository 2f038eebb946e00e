import { getRouteApi } from '@tanstack/react-router';
import { type AuditResult, auditResults } from '../../../../shared/contract/audit.ts';
import { useAnswer } from '../../app/answers.ts';
import { useMay } from '../../app/session.ts';
import { Empty } from '../../parts/Empty.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { Section } from '../../parts/Section.tsx';
import { AuditHistory } from './AuditHistory.tsx';
import { AuditReport } from './AuditReport.tsx';
import { RunAuditButton } from './RunAuditButton.tsx';

const route = getRouteApi('/audit');
const EVERY_MS = 5000;

/** Can the archive be trusted? The checks with what they rest on, and every earlier answer. */
export function AuditPage() {
  const mayRun = useMay('operator');
  const answer = useAnswer(auditResults, {}, { everyMs: EVERY_MS });
  return (
    <>
      <PageHead
        title="Audit"
        lead="Checks whether the archive is what it says it is, each with its evidence."
      >
        {mayRun ? <RunAuditButton /> : null}
      </PageHead>
      <Pending query={answer} doing="Loading the audits">
        {(data) => <Audits results={data.results} />}
      </Pending>
    </>
  );
}

function Audits({ results }: { results: readonly AuditResult[] }) {
  const { audit: wanted } = route.useSearch();
  const shown = results.find((result) => result.auditId === wanted) ?? results[0];
  if (shown === undefined)
    return (
      <Empty title="No audit has run yet.">
        <p>One runs every day by itself. Run the audit now to see the checks and what they rest on.</p>
      </Empty>
    );
  return (
    <>
      <AuditReport result={shown} newest={shown === results[0]} />
      <Section title="History">
        <AuditHistory results={results} shownId={shown.auditId} />
      </Section>
    </>
  );
}
