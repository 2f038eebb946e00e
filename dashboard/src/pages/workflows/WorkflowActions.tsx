import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import type { WorkflowKind } from '../../../../shared/contract/workflows.ts';
import { useMay } from '../../app/session.ts';
import { StartDialog } from './StartDialog.tsx';
import { TriggerDialog } from './TriggerDialog.tsx';
import { isUnfinished } from './unfinished.ts';

/** Start anew, or let the newest run go on that did not come to its end. */
export function WorkflowActions({ kind }: { kind: WorkflowKind }) {
  const [opened, setOpened] = useState<'start' | 'trigger'>();
  if (!useMay('operator')) return null;
  const close = () => setOpened(undefined);
  const unfinished = isUnfinished(kind.lastRun);
  const running = kind.lastRun?.status === 'running';
  return (
    <div className="actions">
      <Button appearance={unfinished ? 'secondary' : 'primary'} onClick={() => setOpened('start')}>
        Start…
      </Button>
      {unfinished ? (
        <Button appearance={running ? 'secondary' : 'primary'} onClick={() => setOpened('trigger')}>
          {running ? 'Trigger…' : 'Resume…'}
        </Button>
      ) : null}
      {opened === 'start' ? <StartDialog kind={kind} onClose={close} /> : null}
      {opened === 'trigger' ? <TriggerDialog kind={kind} onClose={close} /> : null}
    </div>
  );
}
