import { createRootRoute, createRoute, type Router } from '@tanstack/react-router';
import {
  readAlertsSearch,
  readAuditSearch,
  readChangesSearch,
  readDeliveriesSearch,
  readFilesSearch,
  readFoldersSearch,
  readLogsSearch,
  readRunsSearch,
} from './search.ts';

/** The addresses, without what is shown there: pages depend on these types, so these know no page. */
export function createRoutes() {
  const root = createRootRoute();
  const getParentRoute = () => root;
  return {
    root,
    overview: createRoute({ getParentRoute, path: '/' }),
    alerts: createRoute({ getParentRoute, path: '/alerts', validateSearch: readAlertsSearch }),
    incident: createRoute({ getParentRoute, path: '/alerts/$alertId' }),
    runner: createRoute({ getParentRoute, path: '/runners/$runnerId' }),
    folders: createRoute({
      getParentRoute,
      path: '/runners/$runnerId/jobs/$jobId/folders',
      validateSearch: readFoldersSearch,
    }),
    runs: createRoute({ getParentRoute, path: '/runs', validateSearch: readRunsSearch }),
    run: createRoute({ getParentRoute, path: '/runs/$runId', validateSearch: readFilesSearch }),
    changes: createRoute({ getParentRoute, path: '/changes', validateSearch: readChangesSearch }),
    workflows: createRoute({ getParentRoute, path: '/workflows' }),
    poison: createRoute({ getParentRoute, path: '/workflows/poison' }),
    agents: createRoute({ getParentRoute, path: '/agents' }),
    audit: createRoute({ getParentRoute, path: '/audit', validateSearch: readAuditSearch }),
    logs: createRoute({ getParentRoute, path: '/logs', validateSearch: readLogsSearch }),
    operations: createRoute({ getParentRoute, path: '/operations' }),
    deliveries: createRoute({ getParentRoute, path: '/deliveries', validateSearch: readDeliveriesSearch }),
    settings: createRoute({ getParentRoute, path: '/settings' }),
    notifications: createRoute({ getParentRoute, path: '/settings/notifications' }),
  };
}

/** Joins the addresses to one tree. */
export function joinRoutes({ root, ...routes }: ReturnType<typeof createRoutes>) {
  return root.addChildren(routes);
}

declare module '@tanstack/react-router' {
  interface Register {
    router: Router<ReturnType<typeof joinRoutes>>;
  }
}
