import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { LogEvent } from 'kysely';
import { SCOPE } from './asRequest.ts';

const MAX_TEXT_LENGTH = 1000;

const systems = { postgres: 'postgresql', mssql: 'mssql' } as const;

/**
 * Tells of a statement that has run as a dependency of the request under way: what it did to which table, its text with
 * places for parameters, and never a parameter. Statements that belong to no request are not told.
 */
export function tellStatement(
  dialect: keyof typeof systems,
  event: LogEvent,
  kindOf: (error: unknown) => string,
): void {
  if (trace.getActiveSpan() === undefined || isBracket(event)) return;
  const span = trace.getTracer(SCOPE).startSpan(statementName(event.query.sql), {
    kind: SpanKind.CLIENT,
    startTime: Date.now() - event.queryDurationMillis,
    attributes: {
      'db.system.name': systems[dialect],
      'db.query.text': event.query.sql.slice(0, MAX_TEXT_LENGTH),
    },
  });
  if (event.level === 'error') {
    span.setAttribute('errorKind', kindOf(event.error));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

/** The begin and the end of a transaction are no news unless they fail. */
function isBracket({ level, query }: LogEvent): boolean {
  return level === 'query' && /^(?:begin|commit|rollback)$/.test(query.sql);
}

/** `update sync_runs`: what it does, and to the first thing it names that is no function of rows. */
export function statementName(sql: string): string {
  const verb = /^\s*(\w+)/.exec(sql)?.[1]?.toLowerCase() ?? 'statement';
  const table = /\b(?:from|join|into|update)\s+["[]?(\w+)\b(?!\s*\()/i.exec(sql)?.[1];
  return table === undefined ? verb : `${verb} ${table}`;
}
