import * as access from './access.ts';
import * as agents from './agents.ts';
import * as alerts from './alerts.ts';
import * as audit from './audit.ts';
import type { Endpoint } from './endpoint.ts';
import * as fleet from './fleet.ts';
import * as keyRotation from './keyRotation.ts';
import * as logs from './logs.ts';
import * as maintenance from './maintenance.ts';
import * as operations from './operations.ts';
import * as pendingAgents from './pendingAgents.ts';
import * as seals from './seals.ts';
import * as seeding from './seeding.ts';
import * as workflows from './workflows.ts';

/** Every endpoint of the API, in one list: what is not here does not exist. */
export const endpoints: readonly Endpoint[] = [
  access,
  agents,
  alerts,
  audit,
  fleet,
  keyRotation,
  logs,
  maintenance,
  operations,
  pendingAgents,
  seals,
  seeding,
  workflows,
].flatMap((part) => Object.values(part).filter(isEndpoint));

function isEndpoint(value: unknown): value is Endpoint {
  return (
    typeof value === 'object' && value !== null && 'callers' in value && 'path' in value && 'method' in value
  );
}
