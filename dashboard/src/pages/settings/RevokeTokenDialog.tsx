import { revokeToken } from '../../../../shared/contract/access.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { Ago } from '../../parts/Ago.tsx';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import type { TokenView } from './Tokens.tsx';

export function RevokeTokenDialog({ token, onClose }: { token: TokenView; onClose: () => void }) {
  const { notices } = useServices();
  const action = useAction(revokeToken);
  const revoke = () =>
    action.mutate(
      { params: { tokenId: token.tokenId } },
      {
        onSuccess: () => {
          notices.say(`The token ${token.name} is revoked.`);
          onClose();
        },
      },
    );
  return (
    <AskDialog
      title={`Revoke ${token.name}?`}
      confirm={`Revoke ${token.name}`}
      confirmDisabled={action.isPending}
      onConfirm={revoke}
      onClose={onClose}
    >
      <p>
        Whatever still uses it is refused from now on; it cannot be brought back. It was last used{' '}
        <Ago at={token.lastUsedAt} />.
      </p>
      <ErrorNote error={action.error} doing="Revoking" />
    </AskDialog>
  );
}
