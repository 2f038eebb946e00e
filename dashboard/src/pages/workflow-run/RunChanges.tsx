import { Link } from '@tanstack/react-router';
import { changes } from '../../../../shared/contract/workflows.ts';
import { LIVE_MS, useAnswer } from '../../app/answers.ts';
import { sayAmount } from '../../format/amount.ts';
import { ChangeTable } from '../../parts/ChangeTable.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { Section } from '../../parts/Section.tsx';

const SHOWN = 10;

/** The newest changes that this run saw; all of them stand in the feed. */
export function RunChanges({ runId, count, live }: { runId: string; count: number; live: boolean }) {
  const answer = useAnswer(
    changes,
    { query: { runId, limit: SHOWN } },
    { everyMs: live ? LIVE_MS : false, keepRows: true },
  );
  return (
    <Section
      title="What changed"
      id="changes"
      actions={
        <Link to="/changes" search={{ run: runId }} className="link">
          {count > SHOWN ? `All ${sayAmount(count, 'change')}` : 'In the feed'}
        </Link>
      }
    >
      <Pending query={answer} doing="Loading the changes">
        {(data) => <ChangeTable changes={data.changes} ofOneRun />}
      </Pending>
    </Section>
  );
}
