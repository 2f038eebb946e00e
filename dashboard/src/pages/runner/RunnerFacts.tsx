import type { RunnerView } from '../../../../shared/contract/fleet.ts';
import { sayName } from '../../format/ids.ts';
import { sayDuration } from '../../format/time.ts';
import { Ago } from '../../parts/Ago.tsx';
import { Copyable } from '../../parts/Copyable.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { Section } from '../../parts/Section.tsx';
import { RunnerActions } from './RunnerActions.tsx';

/** The machine, its agent and the agent's rights. */
export function RunnerFacts({ runner }: { runner: RunnerView }) {
  return (
    <Section title="Agent" actions={<RunnerActions runner={runner} />}>
      <div className="card">
        <Facts
          facts={[
            ['Runner', <Copyable key="id" text={runner.runnerId} label="the runner’s id" />],
            ['Status', runner.status === 'active' ? 'Active' : 'Disabled'],
            ['Group', runner.group ?? '–'],
            ['Address', runner.address ?? '–'],
            ['Platform', runner.platform === '' ? '–' : runner.platform],
            ['Version', runner.agentVersion ?? '–'],
            ['Heartbeat', <Ago key="heartbeat" at={runner.lastHeartbeatAt} />],
            ['Azure Files', runner.azureFilesStatus === null ? '–' : filesStatus(runner.azureFilesStatus)],
            [
              'Its access ends',
              <Ago key="credential" at={runner.credentialExpiresAt} otherwise="no access yet" />,
            ],
            ['Clock', clockText(runner.clockOffsetMs)],
            ['Generation', String(runner.generation)],
          ]}
        />
      </div>
    </Section>
  );
}

function filesStatus(status: NonNullable<RunnerView['azureFilesStatus']>): string {
  return status === 'ok' ? 'Reachable' : sayName(status);
}

function clockText(offsetMs: number | null): string {
  if (offsetMs === null) return '–';
  if (Math.abs(offsetMs) < 2000) return 'agrees with the server';
  return `${sayDuration(Math.abs(offsetMs))} ${offsetMs > 0 ? 'ahead of' : 'behind'} the server`;
}
