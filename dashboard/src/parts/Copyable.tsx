import { Button } from '@fluentui/react-components';
import { CheckmarkRegular, CopyRegular } from '@fluentui/react-icons';
import { useRef, useState } from 'react';

/** A text to take elsewhere, with the button that does it. `block` for commands. */
export function Copyable({ text, label, block = false }: { text: string; label: string; block?: boolean }) {
  const code = useRef<HTMLElement>(null);
  return (
    <span className={block ? 'copyable copyable-block' : 'copyable'}>
      <code ref={code}>{text}</code>
      <CopyButton text={() => text} label={label} iconOnly shown={() => code.current} />
    </span>
  );
}

interface CopyButtonProps {
  /** Asked when it is pressed. */
  readonly text: () => string;
  /** What is copied: `the line`. */
  readonly label: string;
  readonly iconOnly?: boolean;
  /** Where the text stands on the page: selected, to be copied by hand, when the browser does not allow it. */
  readonly shown: () => Element | null;
}

/** Puts a text on the clipboard and says so for two seconds. */
export function CopyButton({ text, label, iconOnly = false, shown }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    const done = await putOnClipboard(text());
    setCopied(done);
    if (done) setTimeout(() => setCopied(false), 2000);
    else selectText(shown());
  };
  const name = copied ? 'Copied' : `Copy ${label}`;
  return (
    <Button
      size="small"
      appearance="subtle"
      className="copy-button"
      icon={copied ? <CheckmarkRegular /> : <CopyRegular />}
      title={`Copy ${label}`}
      onClick={() => void copy()}
      {...(iconOnly ? { 'aria-label': name } : {})}
    >
      {iconOnly ? null : name}
    </Button>
  );
}

/** Browsers give pages without TLS no clipboard. */
async function putOnClipboard(text: string): Promise<boolean> {
  if (!isSecureContext) return false;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // the person refused, or the page lost the focus
  }
}

function selectText(element: Element | null): void {
  if (element !== null) getSelection()?.selectAllChildren(element);
}
