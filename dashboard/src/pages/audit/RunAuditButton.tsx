import { Button } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import { fidelityAudit } from '../../../../shared/contract/audit.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { checkMarks } from '../../format/marks.ts';
import { ErrorNote } from '../../parts/ErrorNote.tsx';

export function RunAuditButton() {
  const { notices } = useServices();
  const navigate = useNavigate();
  const audit = useAction(fidelityAudit);
  const run = () =>
    audit.mutate(
      {},
      {
        onSuccess: (result) => {
          notices.say(`The audit is done: ${checkMarks[result.verdict].word.toLowerCase()}.`);
          void navigate({ to: '/audit', search: {} });
        },
      },
    );
  return (
    <>
      <Button appearance="primary" disabled={audit.isPending} onClick={run}>
        {audit.isPending ? 'Checking …' : 'Run the audit now'}
      </Button>
      <ErrorNote error={audit.error} doing="The audit" />
    </>
  );
}
