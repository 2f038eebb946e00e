/** What a report about a failed run says. */
export interface ReportedRun {
  readonly workflow: string;
  readonly runId: string;
  readonly correlationId: string;
  /** Instants, ISO 8601. */
  readonly startedAt: string;
  readonly failedAt: string | null;
  /** The step that failed. */
  readonly lastStep: string | null;
  readonly tag: string | null;
  readonly message: string;
  readonly payload: unknown;
  /** What the API said, as it came. */
  readonly cause: unknown;
}

/**
 * A bug report for whoever runs the other side (SPEC W12): everything that they need to find the request, and that we sent.
 * Plain text with Markdown's fences, ready for a ticket or a mail; at most some 16,000 characters, with cuts marked.
 */
export function bugReport(run: ReportedRun): string {
  const facts: Array<readonly [string, string | null]> = [
    ['Workflow', run.workflow],
    ['Execution id', run.runId],
    ['Correlation id', run.correlationId],
    ['Started', run.startedAt],
    ['Failed', run.failedAt],
    ['Last step', run.lastStep],
    ['Error', run.tag],
  ];
  return [
    `${run.workflow}: ${run.tag ?? 'failed'} in ${run.lastStep ?? 'its code'}`,
    '',
    ...facts.flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`])),
    '',
    run.message,
    ...block('What was sent (payload)', run.payload),
    ...block('What the API said', run.cause),
    '',
  ].join('\n');
}

const MAX_BLOCK_CHARS = 7500;

function block(title: string, value: unknown): string[] {
  if (value === null || value === undefined) return [];
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  const cut = text.length <= MAX_BLOCK_CHARS ? text : `${text.slice(0, MAX_BLOCK_CHARS)}\n… (cut)`;
  return ['', `${title}:`, '', '```', cut.replaceAll('```', "'''"), '```'];
}
