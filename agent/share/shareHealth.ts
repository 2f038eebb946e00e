import { isShareDown, type ShareFault, type ShareFaultKind } from './shareFault.ts';

export type AzureFilesStatus = 'ok' | 'auth_failure' | 'unreachable' | 'throttled' | 'full';

const STATUS: Readonly<Partial<Record<ShareFaultKind, AzureFilesStatus>>> = {
  auth: 'auth_failure',
  clock: 'auth_failure',
  unreachable: 'unreachable',
  throttled: 'throttled',
  full: 'full',
};

/** How the share has been answering: what the heartbeat reports as `azureFilesStatus`. */
export interface ShareHealth {
  readonly status: AzureFilesStatus;
  succeeded(): void;
  failed(fault: ShareFault): void;
}

/** Healthy until a failure, and again with the next success. */
export function createShareHealth(): ShareHealth {
  let status: AzureFilesStatus = 'ok';
  return {
    get status() {
      return status;
    },
    succeeded: () => {
      status = 'ok';
    },
    failed: (fault) => {
      // Deleted, or being deleted: that is no fault of the one file that was asked for.
      status = STATUS[fault.kind] ?? (isShareDown(fault) ? 'unreachable' : status);
    },
  };
}
