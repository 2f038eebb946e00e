import { readSavedQueries, type SavedQuery } from '../../infra/queries/savedQueries.ts';
import { markdownTable } from './markdownTable.ts';
import { runbookPages } from '../../infra/policies/runbookPages.ts';

const head = `<!-- Made by \`npm run build:docs\` from infra/queries and scripts/documenting/monitoringPage.ts: change it there. -->

# Monitoring

The control plane tells Application Insights what it does when \`APPLICATIONINSIGHTS_CONNECTION_STRING\` is set
([settings.md](settings.md#telemetry)), and sends nothing otherwise; the platform on one machine sends nothing by itself. What the
platform finds out about instruments, runs and itself it alerts on its own ([alerts.md](alerts.md)): this page is for whoever looks at
the control plane from outside, and for the alerts of Azure that tell when it can tell nothing any more.

## What is told

| table | what stands there | dimensions and measurements worth knowing |
| --- | --- | --- |
| \`requests\` | each call, tick of a timer and slice of a run, by the name of its function; \`success\` is "False" only for what the control plane itself failed | \`trigger\`, \`caller\`, \`runnerId\`, \`agentVersion\`, \`problem\`, \`outcome\`, \`correlationId\` |
| \`dependencies\` | statements (text with places for parameters) and outgoing HTTP requests (host and path, no query but \`restype\` and \`comp\`), within requests | \`errorKind\`, \`service\` |
| \`exceptions\` | errors that the log tells of, with stack and cause | \`line\`, \`error.cause\` |
| \`traces\` | the lines of the log | all their facts: \`workflowName\`, \`workflowId\`, \`activityName\`, \`correlationId\` |
| \`customEvents\` | \`workflow_executed\`, \`sweep_finished\`, \`audit_finished\`, \`alert_transition\`, \`host_started\`; an event within a transaction is told once that is committed | [customEvents.ts](../functions/platform/telemetry/customEvents.ts) declares them |
| \`customMetrics\` | \`heartbeat_age_seconds\`, \`backlog_files\`, \`hours_to_loss\` (the hundred worst), \`queue_age_seconds\`, \`pool_in_use\`, \`pool_waiting\`, \`pool_max\`, \`pool_exhausted\`, \`telemetry_sent\`, \`telemetry_left_out\` | \`runner\`, \`job\`, \`queue\`, \`kind\`, \`reason\` |

**One operation.** The agent names the operation of each call (\`traceparent\`). All calls of one sync, with the statements that they caused,
have its correlation id, without dashes, as \`operation_Id\`; all slices of one run of a workflow have one of their own, made from the run's id.

**Budget.** A host sends at most so many records of each kind a minute (\`TELEMETRY_…_PER_MINUTE\`), a quarter of that every 15 seconds.
What is kept is chosen by operation, and stands for what is not: \`sum(itemCount)\` stays right. Errors have a budget of their own, and when
even that is used up, one of each kind of failure is still sent and carries the count. What was left out is told in
\`telemetry_left_out\`. Nothing waits for delivery: while Application Insights is slow or away, records beyond one window are
left out, and counted; nothing is put on disk.

**Secrets.** Before a record leaves, signatures, tokens, keys and passwords are taken out of every text of it, by their form, and whatever value
a secret setting has.

**The host's own telemetry.** \`host.json\` silences what Azure's host would tell a second time: results of functions, and
the lines that the app writes to its console. What is not sent from within a process that cannot start, the host still tells.

## Queries

They stand in \`infra/queries\`, a file each, with a header that says what they show, what to do and when they alarm. \`pulumi up\` makes
the alerts and the workbook from them. None names a time: the window of the alert, or the range of the workbook, is what counts.
Tests read each as Azure's editor would, and hold what it asks for against what the control plane really tells.
`;

/** docs/monitoring.md before it is formatted. */
export function monitoringPage(): string {
  const queries = readSavedQueries();
  return [head, ...queries.map(section), alertsSection(queries), runbookSection()].join('\n');
}

function section({ name, title, shows, do: whatToDo }: SavedQuery): string {
  return `### ${title}\n\n${shows}\n\n**What to do:** ${whatToDo} ([${name}.kql](../infra/queries/${name}.kql))\n`;
}

function alertsSection(queries: readonly SavedQuery[]): string {
  const rows = queries.flatMap(({ title, alert, runbook = '' }) =>
    alert === undefined
      ? []
      : [[title, String(alert.severity), conditionText(alert), alert.every, `\`${runbook}\``]],
  );
  const table = markdownTable(
    ['query', 'severity', 'alarms when', 'looks every', 'page of the runbook'],
    rows,
  );
  return `## Alerts of Azure\n\n0 is critical, 1 an error, 2 a warning.\n\n${table}`;
}

/** What somebody who writes a runbook needs: the names by which alerts lead into it. */
function runbookSection(): string {
  const rows = Object.entries(runbookPages).map(([page, teller]) => [`\`#${page}\``, tellers[teller]]);
  return `\n## Sections of a runbook\n\n${runbookText}\n\n${markdownTable(['section', 'alerts that lead there'], rows)}`;
}

const runbookText = `An alert names the section of a runbook that says what to do, beside what its own detail says. With \`RUNBOOK_URL\` set to yours, messages and pages link to \`RUNBOOK_URL#section\`; without it they link nowhere, and
the workbook and Azure's alerts name the section only.`;

const tellers = {
  platform: 'of the platform',
  azure: 'of Azure',
  both: 'of the platform, and of Azure',
} as const;

const words = {
  GreaterThan: 'over',
  GreaterThanOrEqual: 'at least',
  LessThan: 'below',
  LessThanOrEqual: 'at most',
  Equal: 'exactly',
} as const;

function conditionText(alert: NonNullable<SavedQuery['alert']>): string {
  const { measure, aggregation, operator, threshold, window } = alert;
  const what = measure === undefined ? 'rows' : `${(aggregation ?? '').toLowerCase()} of \`${measure}\``;
  return `${what} ${words[operator]} ${String(threshold)} within ${window}`;
}
