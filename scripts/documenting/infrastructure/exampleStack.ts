import { readConfiguration } from '../../../infra/configuration/read.ts';
import type { StackConfigurationInput } from '../../../infra/configuration/schema.ts';

/** A stack with more than the least, as its file would say it. */
const example: StackConfigurationInput = {
  location: 'australiaeast',
  owner: 'owner@example.com',
  plan: { kind: 'appService', sku: 'P0v3', instances: 2 },
  sql: {
    sku: 'S2',
    administrator: { name: 'datasync-administrators', objectId: '00000000-0000-4000-8000-000000000000' },
  },
  files: { redundancy: 'ZRS', shares: [{ name: 'argo-1', quotaGb: 2048 }, { name: 'argo-2' }] },
  network: { agentAddresses: ['203.0.113.0/24'], operatorAddresses: ['198.51.100.7'] },
  redis: true,
  alerts: { critical: ['night@example.com'], warning: ['day@example.com'] },
  budget: 600,
  settings: { RUNBOOK_URL: 'https://runbook.example.com', OFFLINE_MINUTES: 10 },
};

/** Throws when the program would refuse it. */
export function exampleStack(): string {
  const secret = 'any-secret-that-is-long-enough-for-the-functions-to-take';
  readConfiguration({ ...example, secrets: { AUTH_SECRET: secret, DATASYNC_CI_UPLOAD_SECRET: secret } });
  const lines = Object.entries(example).map(([key, value]) => `  datasync:${key}: ${textOf(value)}`);
  const secrets =
    '  datasync:secrets: # pulumi config set --secret --path secrets.AUTH_SECRET …\n    AUTH_SECRET: { secure: … }\n    DATASYNC_CI_UPLOAD_SECRET: { secure: … }';
  return `A \`Pulumi.<stack>.yaml\` with more than the least (lists and objects may be written over several lines as well):\n\n\`\`\`yaml\nconfig:\n${lines.join('\n')}\n${secrets}\n\`\`\`\n`;
}

/** In the flow style of YAML, with names bare and texts quoted only where they have to be. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${key}: ${textOf(inner)}`)
      .join(', ')} }`;
  return typeof value === 'string' && !/^[a-z][\w./:@-]*$/i.test(value)
    ? JSON.stringify(value)
    : String(value);
}
