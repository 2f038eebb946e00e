import { z } from 'zod';

const table = z.object({
  /** Ours, never foreign text, as the names of the columns. */
  title: z.string(),
  columns: z.array(z.string()),
  /** May hold foreign text. */
  rows: z.array(z.array(z.string())),
  /** Ours; below the rows, or in their place. */
  note: z.string().nullable(),
});
export type ReportTable = z.infer<typeof table>;

/** What a report says beside title and detail, as the outbox keeps it. */
export const reportBody = z.object({
  /** In place of a severity, before the title: `Cycle complete`. Ours. */
  lead: z.string(),
  /** Names are ours, values may be foreign text. */
  facts: z.array(z.object({ name: z.string(), value: z.string() })),
  tables: z.array(table),
});
export type ReportBody = z.infer<typeof reportBody>;
