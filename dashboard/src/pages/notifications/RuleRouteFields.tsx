import { Checkbox, Field, Textarea } from '@fluentui/react-components';
import type { ChannelView } from '../../../../shared/contract/alerts.ts';
import { channelKindNames } from '../../format/alertMarks.ts';
import type { RuleFieldsProps } from './RuleMatchFields.tsx';

/** Through which channels a rule tells, and whom. */
export function RuleRouteFields({
  draft,
  channels,
  onChange,
}: RuleFieldsProps & { channels: readonly ChannelView[] }) {
  const setRoute = (channelId: string, recipients: string | undefined) => {
    const others = Object.entries(draft.routes).filter(([id]) => id !== channelId);
    const all = recipients === undefined ? others : [...others, [channelId, recipients] as const];
    onChange({ routes: Object.fromEntries(all) });
  };
  return (
    <fieldset className="ticks ticks-column">
      <legend>Tell</legend>
      {channels.length === 0 ? (
        <p className="quiet">
          No channel yet: add one below, then come back. A rule without one tells nobody.
        </p>
      ) : null}
      {channels.map((channel) => {
        const recipients = draft.routes[channel.channelId];
        return (
          <div key={channel.channelId}>
            <Checkbox
              label={`${channel.name} (${channelKindNames[channel.kind]})`}
              checked={recipients !== undefined}
              onChange={(_, data) => setRoute(channel.channelId, data.checked === true ? '' : undefined)}
            />
            {recipients === undefined || channel.kind !== 'email' ? null : (
              <Field
                label={`Recipients of ${channel.name}`}
                hint="One address a line; empty: the channel’s own."
              >
                <Textarea
                  rows={2}
                  value={recipients}
                  onChange={(_, data) => setRoute(channel.channelId, data.value)}
                />
              </Field>
            )}
          </div>
        );
      })}
    </fieldset>
  );
}
