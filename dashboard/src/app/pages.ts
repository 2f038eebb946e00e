import { createRouter } from '@tanstack/react-router';
import { AgentsPage } from '../pages/agents/AgentsPage.tsx';
import { AuditPage } from '../pages/audit/AuditPage.tsx';
import { OverviewPage } from '../pages/overview/OverviewPage.tsx';
import { RunPage } from '../pages/run/RunPage.tsx';
import { RunnerPage } from '../pages/runner/RunnerPage.tsx';
import { RunsPage } from '../pages/runs/RunsPage.tsx';
import { SettingsPage } from '../pages/settings/SettingsPage.tsx';
import { NotFound, PageFault } from './Faults.tsx';
import { createRoutes, joinRoutes } from './routeTree.ts';
import { Shell } from './Shell.tsx';

/** Puts each page at its address; every page has a URL that can be sent to a colleague, its search included. */
export function createPages() {
  const routes = createRoutes();
  routes.root.update({ component: Shell, notFoundComponent: NotFound, errorComponent: PageFault });
  routes.overview.update({ component: OverviewPage });
  routes.runner.update({ component: RunnerPage });
  routes.runs.update({ component: RunsPage });
  routes.run.update({ component: RunPage });
  routes.agents.update({ component: AgentsPage });
  routes.audit.update({ component: AuditPage });
  routes.settings.update({ component: SettingsPage });
  return createRouter({
    routeTree: joinRoutes(routes),
    scrollRestoration: true,
    defaultErrorComponent: PageFault,
  });
}
