import {
  AlertRegular,
  ArrowSwapRegular,
  DocumentTextRegular,
  FlowRegular,
  HistoryRegular,
  HomeRegular,
  PlugConnectedRegular,
  SettingsRegular,
  ShieldCheckmarkRegular,
  TimerRegular,
} from '@fluentui/react-icons';
import type { ReactElement } from 'react';

export interface NavigationPage {
  readonly to:
    | '/'
    | '/alerts'
    | '/runs'
    | '/logs'
    | '/workflows'
    | '/changes'
    | '/agents'
    | '/audit'
    | '/operations'
    | '/settings';
  readonly name: string;
  /** Pressed after `g`. */
  readonly key: string;
  readonly icon: ReactElement;
}

/** The pages of the navigation, in its order. A phone shows the first four; the others are under More. */
export const navigationPages: readonly NavigationPage[] = [
  { to: '/', name: 'Overview', key: 'o', icon: <HomeRegular /> },
  { to: '/alerts', name: 'Alerts', key: 'e', icon: <AlertRegular /> },
  { to: '/runs', name: 'Runs', key: 'r', icon: <HistoryRegular /> },
  { to: '/logs', name: 'Logs', key: 'l', icon: <DocumentTextRegular /> },
  { to: '/workflows', name: 'Workflows', key: 'w', icon: <FlowRegular /> },
  { to: '/changes', name: 'Changes', key: 'c', icon: <ArrowSwapRegular /> },
  { to: '/agents', name: 'Agents', key: 'a', icon: <PlugConnectedRegular /> },
  { to: '/audit', name: 'Audit', key: 'u', icon: <ShieldCheckmarkRegular /> },
  { to: '/operations', name: 'Operations', key: 'p', icon: <TimerRegular /> },
  { to: '/settings', name: 'Settings', key: 's', icon: <SettingsRegular /> },
];
/** How many of them a phone's bar holds. */
export const BAR_PAGES = 4;
