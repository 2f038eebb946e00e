import { Button } from '@fluentui/react-components';
import { CheckmarkRegular, CopyRegular } from '@fluentui/react-icons';
import { useState } from 'react';

/** A text to take elsewhere, with the button that does it. `block` for commands. */
export function Copyable({ text, label, block = false }: { text: string; label: string; block?: boolean }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <span className={block ? 'copyable copyable-block' : 'copyable'}>
      <code>{text}</code>
      <Button
        size="small"
        appearance="subtle"
        icon={copied ? <CheckmarkRegular /> : <CopyRegular />}
        aria-label={copied ? 'Copied' : `Copy ${label}`}
        title={`Copy ${label}`}
        onClick={copy}
      />
    </span>
  );
}
