import { type TabLink, TabLinks } from './TabLinks.tsx';

const tabs: readonly TabLink[] = [
  { to: '/workflows', name: 'Workflows' },
  { to: '/workflows/poison', name: 'Poison messages' },
];

export function WorkflowTabs() {
  return <TabLinks label="Workflows" tabs={tabs} />;
}
