import {
  HistoryRegular,
  HomeRegular,
  PlugConnectedRegular,
  SettingsRegular,
  ShieldCheckmarkRegular,
} from '@fluentui/react-icons';
import type { ReactElement } from 'react';

export interface NavigationPage {
  readonly to: '/' | '/runs' | '/agents' | '/audit' | '/settings';
  readonly name: string;
  /** Pressed after `g`. */
  readonly key: string;
  readonly icon: ReactElement;
}

/** The pages of the navigation, in its order. */
export const navigationPages: readonly NavigationPage[] = [
  { to: '/', name: 'Overview', key: 'o', icon: <HomeRegular /> },
  { to: '/runs', name: 'Runs', key: 'r', icon: <HistoryRegular /> },
  { to: '/agents', name: 'Agents', key: 'a', icon: <PlugConnectedRegular /> },
  { to: '/audit', name: 'Audit', key: 'u', icon: <ShieldCheckmarkRegular /> },
  { to: '/settings', name: 'Settings', key: 's', icon: <SettingsRegular /> },
];
