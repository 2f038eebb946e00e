import type { Answer } from '../http/respond.ts';
import { xmlAnswer } from '../http/respond.ts';
import { pathOf, shareOf } from './context.ts';
import type { OperationContext } from './context.ts';

/** List Handles: only SMB clients hold any, and this server has none. */
export async function listHandles(context: OperationContext): Promise<Answer> {
  mustExist(context);
  return xmlAnswer('<EnumerationResults><Entries /><NextMarker /></EnumerationResults>');
}

/** Force Close Handles: closes none. */
export async function closeHandles(context: OperationContext): Promise<Answer> {
  mustExist(context);
  return {
    status: 200,
    headers: { 'x-ms-number-of-handles-closed': 0, 'x-ms-number-of-handles-failed': 0 },
  };
}

function mustExist(context: OperationContext): void {
  const { tree } = shareOf(context);
  const path = pathOf(context);
  if (context.request.level === 'directory') tree.directory(path);
  else tree.file(path);
}
