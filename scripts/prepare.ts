import { ensureDashboard } from '../local/platform/dashboard-build.ts';

/** Runs after `npm ci`: builds the dashboard, so that the first start does not have to. */
await ensureDashboard();
