import type { app as azureApp, HttpMethod } from '@azure/functions';
import { createDashboard } from '../http/dashboard/dashboard.ts';
import { createEdge } from '../http/edge.ts';
import type { EndpointHandler } from '../http/handler.ts';
import { answerUnknownApi } from '../http/unknownApi.ts';
import type { LazyServices } from '../lazyServices.ts';
import type { TelemetryOfProcess } from '../telemetry/telemetryOfProcess.ts';
import { toldHttp } from '../telemetry/toldFunctions.ts';

export type FunctionsApp = typeof azureApp;

const everyMethod: HttpMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** One function an endpoint, so that monitoring shows each by its name. */
export function registerEndpoint(
  app: FunctionsApp,
  handler: EndpointHandler,
  services: LazyServices,
  telemetry: TelemetryOfProcess,
): void {
  const { endpoint } = handler;
  const isProbed = endpoint.method === 'GET' && endpoint.callers.includes('public');
  app.http(endpoint.name, {
    route: endpoint.path.slice(1),
    methods: isProbed ? ['GET', 'HEAD'] : [endpoint.method],
    authLevel: 'anonymous',
    handler: toldHttp(endpoint.name, telemetry, createEdge(handler, services)),
  });
}

/** The host tries routes in the order of function names: both of these must come after every other. */
export function registerCatchAlls(
  app: FunctionsApp,
  dashboardFolder: () => string,
  services: LazyServices,
  telemetry: TelemetryOfProcess,
): void {
  app.http('zz-api-unknown', {
    route: 'api/{*path}',
    methods: everyMethod,
    authLevel: 'anonymous',
    handler: toldHttp('zz-api-unknown', telemetry, answerUnknownApi(services)),
  });
  app.http('zz-dashboard', {
    route: '{*path}',
    methods: ['GET', 'HEAD'],
    authLevel: 'anonymous',
    handler: toldHttp('zz-dashboard', telemetry, createDashboard(dashboardFolder)),
  });
}
