import { Button } from '@fluentui/react-components';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { channels, type ChannelView } from '../../../../shared/contract/alerts.ts';
import { useAnswer } from '../../app/answers.ts';
import { useMay } from '../../app/session.ts';
import { channelKindNames, channelMark } from '../../format/alertMarks.ts';
import { Ago } from '../../parts/Ago.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { Section } from '../../parts/Section.tsx';
import { StatusMark } from '../../parts/StatusMark.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import { ChannelDialog } from './ChannelDialog.tsx';
import { TestChannelDialog } from './TestChannelDialog.tsx';

const EVERY_MS = 10_000;
const columns: readonly Column[] = [
  { name: 'Channel' },
  { name: 'State', wide: true },
  { name: 'Last delivered', wide: true },
  { name: 'Last failed', wide: true },
  { name: ' ', align: 'end' },
];

/** Where notifications can go, and whether each way works. */
export function Channels() {
  const [adding, setAdding] = useState(false);
  const isAdmin = useMay('admin');
  const answer = useAnswer(channels, {}, { everyMs: EVERY_MS });
  return (
    <Section
      title="Channels"
      id="channels"
      actions={isAdmin ? <Button onClick={() => setAdding(true)}>Add a channel…</Button> : undefined}
    >
      <p className="section-lead">
        A canary goes through each channel once a day, so that a dead one is known before it is needed.
      </p>
      <Pending query={answer} doing="Loading the channels">
        {(data) =>
          data.channels.length === 0 ? (
            <p className="quiet">
              None, so nobody is told of anything outside this page. Add Teams, e-mail, PagerDuty, Jira
              Service Management or a webhook of your own.
            </p>
          ) : (
            <Table label="Channels" columns={columns}>
              {data.channels.map((channel) => (
                <ChannelRow key={channel.channelId} channel={channel} isAdmin={isAdmin} />
              ))}
            </Table>
          )
        }
      </Pending>
      {adding ? <ChannelDialog onClose={() => setAdding(false)} /> : null}
    </Section>
  );
}

function ChannelRow({ channel, isAdmin }: { channel: ChannelView; isAdmin: boolean }) {
  const [opened, setOpened] = useState<'test' | 'edit'>();
  const mayOperate = useMay('operator');
  const close = () => setOpened(undefined);
  const state = channelMark(channel);
  return (
    <tr data-row="">
      <td>
        <Link to="/deliveries" search={{ channel: channel.channelId }} className="link">
          {channel.name}
        </Link>
        <span className="under">
          {channelKindNames[channel.kind]}
          {plainConfig(channel)}
        </span>
        <span className="narrow">
          <StatusMark mark={state} />
        </span>
      </td>
      <td className="wide">
        <StatusMark mark={state} />
        {state.shape === 'bad' && channel.lastError !== null ? (
          <span className="under bad-text">{channel.lastError}</span>
        ) : null}
      </td>
      <td className="wide">
        <Ago at={channel.lastOkAt} />
      </td>
      <td className="wide">
        <Ago at={channel.lastFailedAt} />
      </td>
      <td className="end">
        <span className="row-actions">
          {mayOperate ? (
            <Button
              size="small"
              aria-label={`Send a test through ${channel.name}`}
              onClick={() => setOpened('test')}
            >
              Test…
            </Button>
          ) : null}
          {isAdmin ? (
            <Button size="small" aria-label={`Edit ${channel.name}`} onClick={() => setOpened('edit')}>
              Edit…
            </Button>
          ) : null}
        </span>
        {opened === 'test' ? <TestChannelDialog channel={channel} onClose={close} /> : null}
        {opened === 'edit' ? <ChannelDialog channel={channel} onClose={close} /> : null}
      </td>
    </tr>
  );
}

/** Where it goes, as far as that is no secret. */
function plainConfig({ config }: ChannelView): string {
  const places = [config['host'], config['url'], config['defaultRecipients']].flat();
  const texts = places.filter((place) => typeof place === 'string' && place !== '');
  return texts.length === 0 ? '' : ` · ${texts.join(', ')}`;
}
