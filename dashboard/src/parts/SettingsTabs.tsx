import { type TabLink, TabLinks } from './TabLinks.tsx';

const tabs: readonly TabLink[] = [
  { to: '/settings', name: 'People and access' },
  { to: '/settings/notifications', name: 'Notifications' },
];

export function SettingsTabs() {
  return <TabLinks label="Settings" tabs={tabs} />;
}
