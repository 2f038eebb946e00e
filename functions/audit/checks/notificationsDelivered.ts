import { ageText, type Check, type CheckStatus, verdictOf } from '../check.ts';
import type { ChannelFacts } from '../facts.ts';

/** The canary goes out daily; two hours for a late one. */
const HEARD_WITHIN_MS = 26 * 3_600_000;

/** What people were to be told reached them: nothing given up or overdue, and every channel took something within a day. */
export const notificationsDelivered: Check = {
  name: 'NOTIFICATIONS_DELIVERED',
  judge: ({ channels, now, lookBackHours }) => {
    if (channels.length === 0)
      return { status: 'warn', summary: 'No channel is set up: nobody is told of alerts.', evidence: [] };
    const evidence = channels.map((channel) => ({ subject: channel.name, ...judgeChannel(channel, now) }));
    const failed = channels.reduce((sum, channel) => sum + channel.failed, 0);
    const overdue = channels.reduce((sum, channel) => sum + channel.overdue, 0);
    return verdictOf(
      evidence,
      ({ good }) =>
        `${String(good)} of ${String(channels.length)} channels work; ${String(failed)} notifications failed in ${String(lookBackHours)} h, ${String(overdue)} are overdue.`,
    );
  },
};

function judgeChannel(channel: ChannelFacts, now: Date): { status: CheckStatus; detail: string } {
  if (channel.overdue > 0)
    return { status: 'fail', detail: `${String(channel.overdue)} notifications wait for over 15 min` };
  if (channel.failed > 0)
    return { status: 'fail', detail: `${String(channel.failed)} notifications could not be delivered` };
  const heardAt = channel.lastOkAt ?? channel.createdAt;
  const isHeard = now.getTime() - heardAt.getTime() < HEARD_WITHIN_MS;
  if (!isHeard) return { status: 'fail', detail: `took nothing for ${ageText(heardAt, now)}` };
  if (channel.lastOkAt === null) return { status: 'warn', detail: 'new: has not taken anything yet' };
  return { status: 'pass', detail: `took something ${ageText(heardAt, now)} ago` };
}
