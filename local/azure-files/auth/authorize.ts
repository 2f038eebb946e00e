import { FilesError } from '../errors.ts';
import { header } from '../http/request.ts';
import type { FilesRequest } from '../http/request.ts';
import type { Accounts } from './accounts.ts';
import type { SasContext, SasGrant } from './sas.ts';
import { hasSas, verifySas } from './sas.ts';
import { verifySharedKey } from './sharedkey.ts';

/** What an operation asks of a shared access signature; one letter of each list is enough. */
export interface Needs {
  /** Permission letters of an account SAS; empty: only the account key may. */
  readonly account: string;
  /** Permission letters of a service SAS; empty: a service SAS may not. */
  readonly service: string;
  /** The resource type an account SAS must cover: service, container (share) or object. */
  readonly type: 's' | 'c' | 'o';
}

/** Who asks: the holder of the key, or of a signature with what it grants. */
export type Caller = { readonly kind: 'key' } | SasGrant;

/**
 * Finds out who sends a request.
 * @throws FilesError NoAuthenticationInformation, AuthenticationFailed and its kin
 */
export function authenticate(
  request: FilesRequest,
  context: SasContext & { readonly accounts: Accounts },
): Caller {
  if (!context.accounts.has(request.address.account)) {
    throw new FilesError('AuthenticationFailed', {
      details: { AuthenticationErrorDetail: 'The account of the URL does not exist on this server.' },
    });
  }
  if (header(request, 'authorization') !== undefined) {
    verifySharedKey(request, context.accounts, context.nowMs);
    return { kind: 'key' };
  }
  if (hasSas(request.query)) return verifySas(request, context);
  throw new FilesError('NoAuthenticationInformation', {
    headers: {
      'WWW-Authenticate':
        'Bearer authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize',
    },
  });
}

/**
 * Whether the caller may do what the operation needs.
 * @throws FilesError AuthorizationFailure, AuthorizationResourceTypeMismatch, AuthorizationPermissionMismatch
 */
export function authorize(caller: Caller, needs: Needs): void {
  if (caller.kind === 'key') return;
  const letters = needs[caller.kind];
  if (letters === '') throw new FilesError('AuthorizationFailure');
  if (caller.kind === 'account' && !caller.resourceTypes.includes(needs.type)) {
    throw new FilesError('AuthorizationResourceTypeMismatch');
  }
  if (!Array.from(letters).some((letter) => caller.permissions.includes(letter))) {
    throw new FilesError('AuthorizationPermissionMismatch');
  }
}
