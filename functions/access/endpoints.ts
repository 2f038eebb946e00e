import * as contract from '../../shared/contract/access.ts';
import { readCredentials } from '../platform/http/authentication/credentials.ts';
import { type EndpointHandler, handle } from '../platform/http/handler.ts';
import { readAuditLog } from './auditLog.ts';
import { personOf } from './change.ts';
import { readDiagFleet } from './diagFleet.ts';
import { healthWithoutServices, readHealth } from './health.ts';
import { signIn, signOut } from './sessions.ts';
import { addToken, endToken, listTokens } from './tokens.ts';
import { addUser, changeUser } from './users.ts';
import { findMe, listUsers } from './userStore.ts';

export const accessHandlers: readonly EndpointHandler[] = [
  {
    ...handle(contract.health, (_request, services) => readHealth(services)),
    withoutServices: healthWithoutServices,
  },

  handle(contract.diagFleet, async ({ caller }, services) => ({
    body: await readDiagFleet(services, caller.kind === 'person' ? caller.organizationId : undefined),
  })),

  handle(contract.signIn, async ({ body, address, correlationId }, services) => {
    const { me, cookie } = await signIn(services, { ...body, address, correlationId });
    return { body: me, cookies: [cookie] };
  }),

  handle(contract.session, async ({ caller }, services) => {
    const { userId, role } = personOf(caller);
    return { body: { ...(await findMe(services.database.db, userId)), role } };
  }),

  handle(contract.signOut, async ({ headers }, services) => {
    const credentials = readCredentials(headers);
    const token = credentials.kind === 'session' ? credentials.secret : undefined;
    return { body: undefined, cookies: [await signOut(services, token)] };
  }),

  handle(contract.users, async ({ caller }, services) => ({
    body: { users: await listUsers(services.database.db, personOf(caller).organizationId) },
  })),

  handle(contract.createUser, async ({ body, caller, correlationId }, services) => ({
    body: { userId: await addUser(services, { caller: personOf(caller), correlationId }, body) },
  })),

  handle(contract.updateUser, async ({ params, body, caller, correlationId }, services) => {
    const change = { caller: personOf(caller), correlationId };
    return { body: { user: await changeUser(services, change, { ...body, userId: params.userId }) } };
  }),

  handle(contract.createToken, async ({ body, caller, correlationId }, services) => ({
    body: await addToken(services, { caller: personOf(caller), correlationId }, body),
  })),

  handle(contract.tokens, async ({ caller }, services) => ({
    body: await listTokens(services.database.db, personOf(caller).userId),
  })),

  handle(contract.revokeToken, async ({ params, caller, correlationId }, services) => {
    await endToken(services, { caller: personOf(caller), correlationId }, params.tokenId);
    return { body: undefined };
  }),

  handle(contract.auditLog, async ({ query, caller }, services) => {
    const { organizationId } = personOf(caller);
    const { cursor, limit } = query;
    return { body: await readAuditLog(services.database.db, { organizationId, cursor, limit }) };
  }),
];
