import { z } from 'zod';
import { agentSettings } from '../../shared/settings/agent.ts';
import { typesOf } from '../../shared/settings/setting.ts';
import { AgentEnd, exitCodes } from '../exitCodes.ts';

const configurationSchema = z.strictObject(typesOf(agentSettings));

export type Configuration = z.infer<typeof configurationSchema>;

/** Validates merged settings. Throws `AgentEnd` (bad configuration) naming each wrong setting and what is wanted. */
export function parseConfiguration(merged: Readonly<Record<string, unknown>>): Configuration {
  const parsed = configurationSchema.safeParse(merged);
  if (parsed.success) return { ...parsed.data, server: parsed.data.server.replace(/\/+$/, '') };
  throw new AgentEnd(
    exitCodes.badConfiguration,
    `the configuration is not what is wanted:\n${parsed.error.issues.map(issueText).join('\n')}`,
  );
}

function issueText(issue: z.core.$ZodIssue): string {
  const place = issue.path.map(String).join('.');
  if (issue.code === 'invalid_type' && issue.input === undefined && place in hints)
    return `  ${place} is missing; wanted: ${String(hints[place])}`;
  return `  ${place === '' ? 'settings' : place}: ${issue.message}`;
}

const hints: Readonly<Record<string, string>> = {
  server: 'the address of the server, by --server, DATASYNC_SERVER or in the file',
  state: 'a folder for the agent’s state, by --state, DATASYNC_STATE or in the file',
};
