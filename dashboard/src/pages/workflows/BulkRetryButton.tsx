import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { useMay } from '../../app/session.ts';
import { BulkRetryDialog } from './BulkRetryDialog.tsx';

export function BulkRetryButton({ names }: { names: readonly string[] }) {
  const [open, setOpen] = useState(false);
  if (!useMay('operator')) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>Retry failed runs…</Button>
      {open ? <BulkRetryDialog names={names} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
