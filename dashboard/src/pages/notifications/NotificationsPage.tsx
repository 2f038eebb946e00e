import { PageHead } from '../../parts/PageHead.tsx';
import { SettingsTabs } from '../../parts/SettingsTabs.tsx';
import { Channels } from './Channels.tsx';
import { Rules } from './Rules.tsx';
import { Windows } from './Windows.tsx';

/** Who is told of what, through what, and when nobody is. */
export function NotificationsPage() {
  return (
    <>
      <PageHead
        title="Notifications"
        lead="Who is told of what, through what, and when nobody is. Every alert is on its page, told or not."
      />
      <SettingsTabs />
      <Rules />
      <Channels />
      <Windows />
    </>
  );
}
