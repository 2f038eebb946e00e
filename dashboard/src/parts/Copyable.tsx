import { Button } from '@fluentui/react-components';
import { CheckmarkRegular, CopyRegular } from '@fluentui/react-icons';
import { useRef, useState } from 'react';

/** A text to take elsewhere, with the button that does it. `block` for commands. */
export function Copyable({ text, label, block = false }: { text: string; label: string; block?: boolean }) {
  const [copied, setCopied] = useState(false);
  const code = useRef<HTMLElement>(null);
  const copy = async () => {
    const done = await putOnClipboard(text);
    setCopied(done);
    if (done) setTimeout(() => setCopied(false), 2000);
    else selectText(code.current);
  };
  return (
    <span className={block ? 'copyable copyable-block' : 'copyable'}>
      <code ref={code}>{text}</code>
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

/** Browsers give pages without TLS no clipboard; then the text is selected, to be copied by hand. */
async function putOnClipboard(text: string): Promise<boolean> {
  if (!isSecureContext) return false;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // the person refused, or the page lost the focus
  }
}

function selectText(element: HTMLElement | null): void {
  if (element !== null) getSelection()?.selectAllChildren(element);
}
