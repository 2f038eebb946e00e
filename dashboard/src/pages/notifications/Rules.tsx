import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import {
  type AlertRule,
  alertRules,
  type ChannelView,
  channels,
} from '../../../../shared/contract/alerts.ts';
import { fleet } from '../../../../shared/contract/fleet.ts';
import { useAnswer } from '../../app/answers.ts';
import { useMay } from '../../app/session.ts';
import { Pending } from '../../parts/Pending.tsx';
import { Section } from '../../parts/Section.tsx';
import { StatusMark } from '../../parts/StatusMark.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import { DeleteRuleDialog } from './DeleteRuleDialog.tsx';
import { RuleDialog } from './RuleDialog.tsx';
import { sayMatch, sayRoute } from './ruleWords.ts';

const EVERY_MS = 10_000;
const columns: readonly Column[] = [
  { name: '#', align: 'end', wide: true },
  { name: 'Rule' },
  { name: 'Tells', wide: true },
  { name: 'State', wide: true },
  { name: ' ', align: 'end' },
];

/** The rules in the order in which they are asked; the first that matches decides. */
export function Rules() {
  const [adding, setAdding] = useState(false);
  const mayOperate = useMay('operator');
  const answer = useAnswer(alertRules, {}, { everyMs: EVERY_MS });
  const known = useAnswer(channels, {}, { everyMs: EVERY_MS }).data?.channels ?? [];
  const last = Math.max(0, ...(answer.data?.rules.map((rule) => rule.position) ?? []));
  return (
    <Section
      title="Rules"
      id="rules"
      actions={mayOperate ? <Button onClick={() => setAdding(true)}>Add a rule…</Button> : undefined}
    >
      <p className="section-lead">
        The first rule that is switched on and matches an alert decides who is told.
      </p>
      <Pending query={answer} doing="Loading the rules">
        {(data) =>
          data.rules.length === 0 ? (
            <p className="quiet">
              None: critical alerts go to every Teams and e-mail channel, others to nobody. A security alert
              goes with its words only where a rule names that class.
            </p>
          ) : (
            <Table label="Rules, in the order in which they are asked" columns={columns}>
              {data.rules
                .toSorted((a, b) => a.position - b.position)
                .map((rule) => (
                  <RuleRow key={rule.ruleId} rule={rule} channels={known} mayOperate={mayOperate} />
                ))}
            </Table>
          )
        }
      </Pending>
      {adding ? <RuleDialog channels={known} position={last + 10} onClose={() => setAdding(false)} /> : null}
    </Section>
  );
}

interface RuleRowProps {
  readonly rule: AlertRule;
  readonly channels: readonly ChannelView[];
  readonly mayOperate: boolean;
}

function RuleRow({ rule, channels: known, mayOperate }: RuleRowProps) {
  const [opened, setOpened] = useState<'edit' | 'delete'>();
  const runners = useAnswer(fleet, {}).data?.runners ?? [];
  const nameOf = (runnerId: string) => runners.find((one) => one.runnerId === runnerId)?.name ?? runnerId;
  const close = () => setOpened(undefined);
  return (
    <tr data-row="">
      <td className="end wide">{rule.position}</td>
      <td>
        {rule.name}
        <span className="under">{sayMatch(rule.match, nameOf)}</span>
        <span className="under narrow">
          {rule.enabled ? '' : 'Switched off. '}Tells{' '}
          {rule.routes.map((route) => sayRoute(route, known)).join('; ') || 'nobody'}
        </span>
      </td>
      <td className="wide">
        {rule.routes.length === 0 ? <span className="quiet">nobody</span> : null}
        {rule.routes.map((route) => (
          <span key={route.channelId} className="block">
            {sayRoute(route, known)}
          </span>
        ))}
      </td>
      <td className="wide">
        <StatusMark
          mark={rule.enabled ? { shape: 'good', word: 'On' } : { shape: 'paused', word: 'Switched off' }}
        />
      </td>
      <td className="end">
        {mayOperate ? (
          <span className="row-actions">
            <Button size="small" aria-label={`Edit ${rule.name}`} onClick={() => setOpened('edit')}>
              Edit…
            </Button>
            <Button size="small" aria-label={`Delete ${rule.name}`} onClick={() => setOpened('delete')}>
              Delete…
            </Button>
          </span>
        ) : null}
        {opened === 'edit' ? (
          <RuleDialog rule={rule} channels={known} position={rule.position} onClose={close} />
        ) : null}
        {opened === 'delete' ? <DeleteRuleDialog rule={rule} onClose={close} /> : null}
      </td>
    </tr>
  );
}
