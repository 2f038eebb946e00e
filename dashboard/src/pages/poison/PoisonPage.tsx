import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { poisonMessages } from '../../../../shared/contract/workflows.ts';
import { useAnswer } from '../../app/answers.ts';
import { useMay } from '../../app/session.ts';
import { sayAmount } from '../../format/amount.ts';
import { Empty } from '../../parts/Empty.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { WorkflowTabs } from '../../parts/WorkflowTabs.tsx';
import { PoisonTable } from './PoisonTable.tsx';
import { ReplayDialog } from './ReplayDialog.tsx';

const EVERY_MS = 10_000;

/** Messages that a queue gave up on, and the way back for them. */
export function PoisonPage() {
  const answer = useAnswer(poisonMessages, {}, { everyMs: EVERY_MS });
  return (
    <>
      <PageHead
        title="Poison messages"
        lead="Messages that a queue gave up on after five attempts. What they were for stands in the database and is sent again by itself; they are the evidence."
      >
        <ReplayAll count={answer.data?.messages.length ?? 0} />
      </PageHead>
      <WorkflowTabs />
      <Pending query={answer} doing="Loading the poison messages">
        {({ messages, total }) =>
          messages.length === 0 ? (
            <Empty title="No queue has given up on a message." />
          ) : (
            <>
              <p className="section-lead">{sayShown(messages.length, total)}</p>
              <PoisonTable messages={messages} />
            </>
          )
        }
      </Pending>
    </>
  );
}

function sayShown(shown: number, total: number): string {
  const all = sayAmount(total, 'message');
  return total > shown ? `The oldest ${String(shown)} of ${all}.` : `${all}, the oldest first.`;
}

function ReplayAll({ count }: { count: number }) {
  const [open, setOpen] = useState(false);
  if (!useMay('operator') || count === 0) return null;
  return (
    <>
      <Button appearance="primary" onClick={() => setOpen(true)}>
        Replay all…
      </Button>
      {open ? <ReplayDialog count={count} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
