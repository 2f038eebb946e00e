import { type ChangeEvent, changes } from '../../../shared/contract/workflows.ts';
import { fromInstant, toInstant, wholeNumber } from '../arguments.ts';
import { firstOf, noteMore } from '../feed.ts';
import { given } from '../given.ts';
import type { Add } from '../operator.ts';
import { timeText } from '../spans.ts';
import { type Column, tableLines } from '../table.ts';

interface ChangesOptions {
  readonly register?: string;
  readonly run?: string;
  readonly type?: string;
  readonly entity?: string;
  readonly code?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
}

export const addChanges: Add = (parent, act) => {
  const command = parent
    .command('changes')
    .description('what changed in registers, newest first')
    .option('--register <name>', 'only of this register')
    .option('--run <id>', 'only what this run found')
    .option('--type <type>', 'only these events: status_changed, appeared, disappeared')
    .option('--entity <type>', 'only of this type of entity')
    .option('--code <code>', 'only of this entity')
    .option('--from <date>', 'found then or later; a day in UTC, or an instant', fromInstant)
    .option('--to <date>', 'found then or earlier', toInstant)
    .option('--limit <number>', 'at most so many', wholeNumber(1, 100_000), 50);
  command.action((options: ChangesOptions) =>
    act(command, async ({ client, screen }) => {
      const {
        register,
        run: runId,
        type: eventType,
        entity: entityType,
        code: entityCode,
        from,
        to,
      } = options;
      const filter = given({ register, runId, eventType, entityType, entityCode, from, to });
      let now = '';
      const { items, nextCursor } = await firstOf(options.limit, async (at) => {
        const page = await client.call(changes, { query: { ...filter, ...at } });
        now = page.now;
        return { items: page.changes, nextCursor: page.nextCursor };
      });
      screen.answer({ now, changes: items, nextCursor }, (layout) =>
        items.length === 0 ? ['No change.'] : tableLines(columns, items, layout),
      );
      noteMore(screen, nextCursor, options.limit);
      return 'done';
    }),
  );
};

const columns: readonly Column<ChangeEvent>[] = [
  { title: 'FOUND', text: ({ createdAt }) => timeText(createdAt) },
  { title: 'REGISTER', text: ({ register }) => register, give: 'drop' },
  { title: 'EVENT', text: ({ eventType }) => eventType },
  { title: 'ENTITY', text: ({ entityType, entityCode }) => `${entityType} ${entityCode}` },
  { title: 'WAS', text: ({ oldValue }) => oldValue, give: 'cut' },
  { title: 'IS', text: ({ newValue }) => newValue, give: 'cut' },
  { title: 'DETAIL', text: ({ detail }) => detail ?? '', give: 'cut' },
  { title: 'RUN', text: ({ runId }) => runId, give: 'drop' },
];
