import { createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { OverviewPage } from '../pages/overview/OverviewPage.tsx';
import { NotFound, PageFault } from './Faults.tsx';
import { createRoutes, joinRoutes } from './routeTree.ts';
import { Shell } from './Shell.tsx';

/** The pages that are fetched apart from the first script. */
const lazyPages = {
  alerts: lazyRouteComponent(() => import('../pages/alerts/AlertsPage.tsx'), 'AlertsPage'),
  incident: lazyRouteComponent(() => import('../pages/incident/IncidentPage.tsx'), 'IncidentPage'),
  runner: lazyRouteComponent(() => import('../pages/runner/RunnerPage.tsx'), 'RunnerPage'),
  folders: lazyRouteComponent(() => import('../pages/folders/FoldersPage.tsx'), 'FoldersPage'),
  runs: lazyRouteComponent(() => import('../pages/runs/RunsPage.tsx'), 'RunsPage'),
  run: lazyRouteComponent(() => import('../pages/run/RunPage.tsx'), 'RunPage'),
  changes: lazyRouteComponent(() => import('../pages/changes/ChangesPage.tsx'), 'ChangesPage'),
  workflows: lazyRouteComponent(() => import('../pages/workflows/WorkflowsPage.tsx'), 'WorkflowsPage'),
  poison: lazyRouteComponent(() => import('../pages/poison/PoisonPage.tsx'), 'PoisonPage'),
  agents: lazyRouteComponent(() => import('../pages/agents/AgentsPage.tsx'), 'AgentsPage'),
  audit: lazyRouteComponent(() => import('../pages/audit/AuditPage.tsx'), 'AuditPage'),
  logs: lazyRouteComponent(() => import('../pages/logs/LogsPage.tsx'), 'LogsPage'),
  operations: lazyRouteComponent(() => import('../pages/operations/OperationsPage.tsx'), 'OperationsPage'),
  deliveries: lazyRouteComponent(() => import('../pages/deliveries/DeliveriesPage.tsx'), 'DeliveriesPage'),
  settings: lazyRouteComponent(() => import('../pages/settings/SettingsPage.tsx'), 'SettingsPage'),
  notifications: lazyRouteComponent(
    () => import('../pages/notifications/NotificationsPage.tsx'),
    'NotificationsPage',
  ),
};

/**
 * Puts each page at its address; every page has a URL that can be sent to a colleague, its search included. The
 * overview is there at once; the others are fetched when they are asked for.
 */
export function createPages() {
  const routes = createRoutes();
  routes.root.update({ component: Shell, notFoundComponent: NotFound, errorComponent: PageFault });
  routes.overview.update({ component: OverviewPage });
  routes.alerts.update({ component: lazyPages.alerts });
  routes.incident.update({ component: lazyPages.incident });
  routes.runner.update({ component: lazyPages.runner });
  routes.folders.update({ component: lazyPages.folders });
  routes.runs.update({ component: lazyPages.runs });
  routes.run.update({ component: lazyPages.run });
  routes.changes.update({ component: lazyPages.changes });
  routes.workflows.update({ component: lazyPages.workflows });
  routes.poison.update({ component: lazyPages.poison });
  routes.agents.update({ component: lazyPages.agents });
  routes.audit.update({ component: lazyPages.audit });
  routes.logs.update({ component: lazyPages.logs });
  routes.operations.update({ component: lazyPages.operations });
  routes.deliveries.update({ component: lazyPages.deliveries });
  routes.settings.update({ component: lazyPages.settings });
  routes.notifications.update({ component: lazyPages.notifications });
  return createRouter({
    routeTree: joinRoutes(routes),
    scrollRestoration: true,
    defaultErrorComponent: PageFault,
  });
}

/** Fetches the pages that nobody has asked for yet, so that all of them are here when the server is not. */
export async function fetchPages(): Promise<void> {
  await Promise.allSettled(Object.values(lazyPages).map(async (page) => page.preload?.()));
}
