import { type PoisonMessage, poisonMessages, replayPoison } from '../../../shared/contract/workflows.ts';
import { countText } from '../../../shared/domain/age.ts';
import { wrongCall } from '../ending.ts';
import type { Layout } from '../layout.ts';
import type { Act, Add } from '../operator.ts';
import { timeText } from '../spans.ts';
import { statusStyle } from '../statusStyle.ts';
import { type Column, tableLines } from '../table.ts';
import type { Command } from 'commander';

export const addPoison: Add = (parent, act) => {
  const group = parent.command('poison').description('messages that queues gave up on after five attempts');
  addPoisonList(group, act);
  addReplay(group, act);
};

function addPoisonList(group: Command, act: Act): void {
  const command = group.command('list').description('show them, the oldest first');
  command.action(() =>
    act(command, async ({ client, screen }) => {
      const answer = await client.call(poisonMessages, {});
      screen.answer(answer, (layout) => poisonLines(answer.messages, answer.total, layout));
      return 'done';
    }),
  );
}

function addReplay(group: Command, act: Act): void {
  const command = group
    .command('replay')
    .description('put them back into their queue; a stale one is acknowledged there without effect')
    .argument('[message...]', 'ids of messages')
    .option('--all', 'all that the list shows');
  command.action((messageIds: string[], { all = false }: { readonly all?: boolean }) =>
    act(command, async ({ client, screen }) => {
      if (all === messageIds.length > 0) throw wrongCall('Wanted: ids of messages, or --all');
      const answer = await client.call(replayPoison, { body: all ? {} : { messageIds } });
      screen.answer(answer, () => [`${countText(answer.replayed, 'message')} put back`]);
      return 'done';
    }),
  );
}

function poisonLines(messages: readonly PoisonMessage[], total: number, layout: Layout): string[] {
  if (messages.length === 0) return ['No message.'];
  const more = total - messages.length;
  return [...tableLines(columns, messages, layout), ...(more > 0 ? [`… and ${String(more)} more`] : [])];
}

const columns: readonly Column<PoisonMessage>[] = [
  { title: 'MESSAGE', text: ({ messageId }) => messageId },
  { title: 'SENT', text: ({ insertedAt }) => timeText(insertedAt), give: 'drop' },
  { title: 'QUEUE', text: ({ queue }) => queue, give: 'drop' },
  { title: 'RUN', text: ({ runId }) => runId },
  {
    title: 'STATUS',
    text: ({ runStatus }) => runStatus,
    style: ({ runStatus }) => (runStatus === null ? undefined : statusStyle(runStatus)),
    give: 'drop',
  },
  { title: 'SAYS', text: ({ content }) => JSON.stringify(content), give: 'cut' },
];
