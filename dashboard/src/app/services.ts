import { createContext, use } from 'react';
import type { Client } from '../../../shared/client/index.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import type { Notices } from './notices.ts';
import { useStore } from './store.ts';
import type { ThemeSetting } from './theme.ts';

/** What every page may use; made once in main.tsx. */
export interface PageServices {
  readonly client: Client;
  readonly clock: Clock;
  readonly connection: Connection;
  readonly notices: Notices;
  readonly theme: ThemeSetting;
}

export const ServicesContext = createContext<PageServices | undefined>(undefined);

export function useServices(): PageServices {
  const services = use(ServicesContext);
  if (services === undefined) throw new Error('useServices: outside ServicesContext; wanted: below App');
  return services;
}

/** The server's time in ms; renders again each second. */
export function useNow(): number {
  return useStore(useServices().clock);
}
