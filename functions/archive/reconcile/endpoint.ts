import { reconcile } from '../../../shared/contract/fleet.ts';
import { type EndpointHandler, handle } from '../../platform/http/handler.ts';
import { decisionOf } from '../decision.ts';
import { startReconcile } from './start.ts';

/** `POST …/reconcile`: answers 202 with the run's id; the work itself is slices. */
export const reconcileHandler: EndpointHandler = handle(reconcile, async (request, services) => {
  const { dryRun = false, removeMissing = false, allowEmptyShare = false } = request.body ?? {};
  const options = { dryRun, removeMissing, allowEmptyShare };
  return { body: await startReconcile(services, { ...decisionOf(request), ...request.params, ...options }) };
});
