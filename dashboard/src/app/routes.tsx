import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { AgentsPage } from '../pages/agents/AgentsPage.tsx';
import { AuditPage } from '../pages/audit/AuditPage.tsx';
import { OverviewPage } from '../pages/overview/OverviewPage.tsx';
import { RunPage } from '../pages/run/RunPage.tsx';
import { RunnerPage } from '../pages/runner/RunnerPage.tsx';
import { RunsPage } from '../pages/runs/RunsPage.tsx';
import { SettingsPage } from '../pages/settings/SettingsPage.tsx';
import { NotFound, PageFault } from './Faults.tsx';
import { readAuditSearch, readFilesSearch, readRunsSearch } from './search.ts';
import { Shell } from './Shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: PageFault });

const tree = root.addChildren([
  createRoute({ getParentRoute: () => root, path: '/', component: OverviewPage }),
  createRoute({ getParentRoute: () => root, path: '/runners/$runnerId', component: RunnerPage }),
  createRoute({
    getParentRoute: () => root,
    path: '/runs',
    component: RunsPage,
    validateSearch: readRunsSearch,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/runs/$runId',
    component: RunPage,
    validateSearch: readFilesSearch,
  }),
  createRoute({ getParentRoute: () => root, path: '/agents', component: AgentsPage }),
  createRoute({
    getParentRoute: () => root,
    path: '/audit',
    component: AuditPage,
    validateSearch: readAuditSearch,
  }),
  createRoute({ getParentRoute: () => root, path: '/settings', component: SettingsPage }),
]);

/** Every page has a URL that can be sent to a colleague, its search included. */
export function createPages() {
  return createRouter({ routeTree: tree, scrollRestoration: true, defaultErrorComponent: PageFault });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPages>;
  }
}
