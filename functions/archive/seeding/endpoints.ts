import * as contract from '../../../shared/contract/seeding.ts';
import { type EndpointHandler, handle } from '../../platform/http/handler.ts';
import { decisionOf } from '../decision.ts';
import { approveExpected } from './approveExpected.ts';
import { seedFleet } from './seed.ts';

export const seedingHandlers: readonly EndpointHandler[] = [
  handle(contract.seedFleet, async (request, services) => ({
    body: await seedFleet(services, decisionOf(request), request.body),
  })),

  handle(contract.approveExpected, async (request, services) => ({
    body: await approveExpected(services, decisionOf(request), request.body.enrolmentIds),
  })),
];
