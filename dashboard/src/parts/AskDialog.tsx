import { Button } from '@fluentui/react-components';
import { type ReactNode, useEffect, useId, useRef } from 'react';

interface AskDialogProps {
  readonly title: string;
  readonly children: ReactNode;
  /** Says what it does, with numbers: `Pause geometry`. Left out where there is nothing to do but close. */
  readonly confirm?: string;
  readonly confirmDisabled?: boolean;
  readonly closeText?: string;
  readonly onConfirm?: () => void;
  readonly onClose: () => void;
}

/**
 * Asks before something costly or destructive, and takes what it needs to know. Enter confirms, Escape closes.
 * The browser's own modal dialog: it keeps the focus inside and gives it back, and hides nothing when it is gone.
 */
export function AskDialog(props: AskDialogProps) {
  const titleId = useId();
  const dialog = useModal();
  return (
    <dialog
      ref={dialog}
      className="ask"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          props.onConfirm?.();
        }}
      >
        <h2 id={titleId}>{props.title}</h2>
        <div className="ask-content">{props.children}</div>
        <div className="ask-actions">
          <Button onClick={props.onClose}>{props.closeText ?? 'Cancel'}</Button>
          {props.confirm === undefined ? null : (
            <Button appearance="primary" type="submit" disabled={props.confirmDisabled ?? false}>
              {props.confirm}
            </Button>
          )}
        </div>
      </form>
    </dialog>
  );
}

/** Modal as long as it is rendered; closing it before it goes gives the focus back. */
function useModal() {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return ref;
}
