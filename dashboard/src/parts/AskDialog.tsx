import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';

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

/** Asks before something costly or destructive, and takes what it needs to know. Enter confirms, Escape closes. */
export function AskDialog(props: AskDialogProps) {
  return (
    <Dialog open onOpenChange={(_, data) => (data.open ? undefined : props.onClose())}>
      <DialogSurface>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            props.onConfirm?.();
          }}
        >
          <DialogBody>
            <DialogTitle>{props.title}</DialogTitle>
            <DialogContent className="dialog-content">{props.children}</DialogContent>
            <DialogActions>
              <Button onClick={props.onClose}>{props.closeText ?? 'Cancel'}</Button>
              {props.confirm === undefined ? null : (
                <Button appearance="primary" type="submit" disabled={props.confirmDisabled ?? false}>
                  {props.confirm}
                </Button>
              )}
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
