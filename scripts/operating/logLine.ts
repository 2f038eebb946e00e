import type { WorkflowLogLine } from '../../shared/contract/workflows.ts';
import { terminalText } from '../../shared/domain/escaping/terminalText.ts';
import type { Layout, Style } from './layout.ts';

const styles: Readonly<Record<string, Style>> = { Error: 'red', Warning: 'yellow', Debug: 'dim' };
/** They stand elsewhere on the line, or are the same on each. */
const SAID_ELSEWHERE = new Set(['activityName', 'errorTag', 'workflowName', 'workflowId', 'correlationId']);

/** `02:00:05.120 Error  people.getAll  activity failed  ValidationError  {"page":3}`. Never cut: whoever reads a log wants it all. */
export function logLine(line: WorkflowLogLine, { paint }: Layout): string {
  const { at, level, message, activityName, errorTag, facts } = line;
  const style = styles[level];
  const word = level.padEnd(11);
  const said = [activityName, message, errorTag, factsText(facts)].filter(
    (text) => text !== null && text !== '',
  );
  const time = paint('dim', `${at.slice(0, 10)} ${at.slice(11, 23)}Z`);
  return `${time} ${style === undefined ? word : paint(style, word)} ${terminalText(said.join('  '))}`;
}

function factsText(facts: unknown): string {
  if (typeof facts !== 'object' || facts === null) return '';
  const told = Object.entries(facts).filter(([name, value]) => !SAID_ELSEWHERE.has(name) && value !== null);
  return told.length === 0 ? '' : JSON.stringify(Object.fromEntries(told));
}
