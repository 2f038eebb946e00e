import { workflowKinds } from '../../../../shared/contract/workflows.ts';
import { useAnswer } from '../../app/answers.ts';
import { Empty } from '../../parts/Empty.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { WorkflowTabs } from '../../parts/WorkflowTabs.tsx';
import { BulkRetryButton } from './BulkRetryButton.tsx';
import { WorkflowCard } from './WorkflowCard.tsx';

const EVERY_MS = 5000;

/** Every workflow that this server knows: when it runs next, how it went last, and what it lacks. */
export function WorkflowsPage() {
  const answer = useAnswer(workflowKinds, {}, { everyMs: EVERY_MS });
  return (
    <>
      <PageHead
        title="Workflows"
        lead="What pulls from APIs and registers, when it runs next and how it went last."
      >
        <BulkRetryButton names={(answer.data?.workflows ?? []).map(({ name }) => name)} />
      </PageHead>
      <WorkflowTabs />
      <Pending query={answer} doing="Loading the workflows">
        {(data) =>
          data.workflows.length === 0 ? (
            <Empty title="This server has no workflow.">
              <p>
                A connector brings its workflows with it; each appears here with its schedule and its runs.
              </p>
            </Empty>
          ) : (
            <ul className="cards cards-wide">
              {data.workflows.map((kind) => (
                <WorkflowCard key={kind.name} kind={kind} />
              ))}
            </ul>
          )
        }
      </Pending>
    </>
  );
}
