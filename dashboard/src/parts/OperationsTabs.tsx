import { type TabLink, TabLinks } from './TabLinks.tsx';

const tabs: readonly TabLink[] = [
  { to: '/operations', name: 'Timers and space' },
  { to: '/deliveries', name: 'Deliveries' },
];

export function OperationsTabs() {
  return <TabLinks label="Operations" tabs={tabs} />;
}
