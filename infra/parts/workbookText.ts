import type { SavedQuery } from '../queries/savedQueries.ts';

const DAY_MS = 24 * 3_600_000;

/** The workbook as Azure stores it: each saved query under what it shows and what to do, over the last day. */
export function workbookText(queries: readonly SavedQuery[], insightsId: string): string {
  const intro = textItem(
    '# DataSync\n\nMade from `infra/queries`: change it there. Alerts are made from the same queries.',
    'intro',
  );
  const items = queries.flatMap((query) => [headOf(query), queryItem(query)]);
  return JSON.stringify({
    version: 'Notebook/1.0',
    items: [intro, ...items],
    fallbackResourceIds: [insightsId],
  });
}

function headOf({ name, title, shows, do: whatToDo, runbook }: SavedQuery) {
  const page = runbook === undefined ? '' : ` Runbook: \`${runbook}\`.`;
  return textItem(`## ${title}\n\n${shows}\n\n**What to do:** ${whatToDo}${page}`, `about-${name}`);
}

function textItem(json: string, name: string) {
  return { type: 1, name, content: { json } };
}

function queryItem({ name, title, query, visual }: SavedQuery) {
  return {
    type: 3,
    name,
    content: {
      version: 'KqlItem/1.0',
      query,
      title,
      size: 0,
      timeContext: { durationMs: DAY_MS },
      queryType: 0,
      resourceType: 'microsoft.insights/components',
      visualization: visual,
      noDataMessage: 'Nothing in this time.',
    },
  };
}
