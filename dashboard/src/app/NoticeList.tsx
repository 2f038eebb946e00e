import { Button } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { ShapeIcon } from '../parts/StatusMark.tsx';
import { useServices } from './services.ts';
import { useStore } from './store.ts';

/** What was just done, in the corner. */
export function NoticeList() {
  const { notices } = useServices();
  const shown = useStore(notices);
  return (
    <div className="notices" role="status">
      {shown.map((notice) => (
        <div key={notice.id} className="notice">
          <ShapeIcon shape="good" />
          <span>{notice.text}</span>
          <Button
            size="small"
            appearance="subtle"
            icon={<DismissRegular />}
            aria-label="Dismiss"
            onClick={() => notices.dismiss(notice.id)}
          />
        </div>
      ))}
    </div>
  );
}
