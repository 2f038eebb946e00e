import { AskDialog } from '../parts/AskDialog.tsx';
import { navigationPages } from './navigation.tsx';

/** The keys, shown by `?`. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
  const keys: ReadonlyArray<readonly [string, string]> = [
    ['/', 'Search this page, or else the runs'],
    ['j  k', 'Next row, previous row'],
    ['Enter', 'Open the row'],
    ...navigationPages.map((page) => [`g  ${page.key}`, page.name] as const),
    ['?', 'This help'],
  ];
  return (
    <AskDialog title="Keyboard" closeText="Close" onClose={onClose}>
      <dl className="keys">
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              {key.split('  ').map((part) => (
                <kbd key={part}>{part}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </AskDialog>
  );
}
