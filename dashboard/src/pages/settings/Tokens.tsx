import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import type { ResponseOf } from '../../../../shared/contract/endpoint.ts';
import { tokens } from '../../../../shared/contract/access.ts';
import { useAnswer } from '../../app/answers.ts';
import { type Mark } from '../../format/marks.ts';
import { useNow } from '../../app/services.ts';
import { Ago } from '../../parts/Ago.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { Section } from '../../parts/Section.tsx';
import { StatusMark } from '../../parts/StatusMark.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import { CreateTokenDialog } from './CreateTokenDialog.tsx';
import { RevokeTokenDialog } from './RevokeTokenDialog.tsx';

export type TokenView = ResponseOf<typeof tokens>['tokens'][number];

const EVERY_MS = 15_000;
const columns: readonly Column[] = [
  { name: 'Name' },
  { name: 'State' },
  { name: 'Role', wide: true },
  { name: 'Last used', wide: true },
  { name: 'Ends', wide: true },
  { name: 'Made', wide: true },
  { name: ' ', align: 'end' },
];

/** My tokens for command lines. */
export function Tokens() {
  const [creating, setCreating] = useState(false);
  const answer = useAnswer(tokens, {}, { everyMs: EVERY_MS });
  return (
    <Section title="My tokens" actions={<Button onClick={() => setCreating(true)}>Make a token…</Button>}>
      <Pending query={answer} doing="Loading your tokens">
        {(data) =>
          data.tokens.length === 0 ? (
            <p className="quiet">
              None. A token lets a command line act as you: it goes into the variable{' '}
              <code>DATASYNC_TOKEN</code>.
            </p>
          ) : (
            <Table label="My tokens" columns={columns}>
              {data.tokens.map((token) => (
                <TokenRow key={token.tokenId} token={token} />
              ))}
            </Table>
          )
        }
      </Pending>
      {creating ? <CreateTokenDialog onClose={() => setCreating(false)} /> : null}
    </Section>
  );
}

function TokenRow({ token }: { token: TokenView }) {
  const [revoking, setRevoking] = useState(false);
  const state = tokenMark(token, useNow());
  return (
    <tr data-row="">
      <td>{token.name}</td>
      <td>
        <StatusMark mark={state} />
      </td>
      <td className="wide">{token.role}</td>
      <td className="wide">
        <Ago at={token.lastUsedAt} />
      </td>
      <td className="wide">
        <Ago at={token.expiresAt} />
      </td>
      <td className="wide">
        <Ago at={token.createdAt} />
      </td>
      <td className="end">
        {token.revoked ? null : (
          <Button size="small" aria-label={`Revoke ${token.name}`} onClick={() => setRevoking(true)}>
            Revoke…
          </Button>
        )}
        {revoking ? <RevokeTokenDialog token={token} onClose={() => setRevoking(false)} /> : null}
      </td>
    </tr>
  );
}

function tokenMark(token: TokenView, now: number): Mark {
  if (token.revoked) return { shape: 'idle', word: 'Revoked' };
  const ended = token.expiresAt !== null && Date.parse(token.expiresAt) <= now;
  return ended ? { shape: 'idle', word: 'Ended' } : { shape: 'good', word: 'Valid' };
}
