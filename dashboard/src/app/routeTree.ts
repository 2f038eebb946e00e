import { createRootRoute, createRoute, type Router } from '@tanstack/react-router';
import { readAuditSearch, readFilesSearch, readRunsSearch } from './search.ts';

/** The addresses, without what is shown there: pages depend on these types, so these know no page. */
export function createRoutes() {
  const root = createRootRoute();
  const getParentRoute = () => root;
  return {
    root,
    overview: createRoute({ getParentRoute, path: '/' }),
    runner: createRoute({ getParentRoute, path: '/runners/$runnerId' }),
    runs: createRoute({ getParentRoute, path: '/runs', validateSearch: readRunsSearch }),
    run: createRoute({ getParentRoute, path: '/runs/$runId', validateSearch: readFilesSearch }),
    agents: createRoute({ getParentRoute, path: '/agents' }),
    audit: createRoute({ getParentRoute, path: '/audit', validateSearch: readAuditSearch }),
    settings: createRoute({ getParentRoute, path: '/settings' }),
  };
}

/** Joins the addresses to one tree. */
export function joinRoutes(routes: ReturnType<typeof createRoutes>) {
  const { root, overview, runner, runs, run, agents, audit, settings } = routes;
  return root.addChildren([overview, runner, runs, run, agents, audit, settings]);
}

declare module '@tanstack/react-router' {
  interface Register {
    router: Router<ReturnType<typeof joinRoutes>>;
  }
}
