import { Button } from '@fluentui/react-components';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { FolderView } from '../../../../shared/contract/seals.ts';
import { useMay } from '../../app/session.ts';
import { sayCount } from '../../format/amount.ts';
import { folderMarks, folderName } from '../../format/folderMarks.ts';
import { Ago } from '../../parts/Ago.tsx';
import { StatusMark } from '../../parts/StatusMark.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import { TimedText } from '../../parts/TimedText.tsx';
import { SealDialog } from './SealDialog.tsx';
import { UnsealDialog } from './UnsealDialog.tsx';

const route = getRouteApi('/runners/$runnerId/jobs/$jobId/folders');
const columns: readonly Column[] = [
  { name: 'Folder' },
  { name: 'State' },
  { name: 'Files', align: 'end', wide: true },
  { name: 'Last change', wide: true },
  { name: 'Found complete', wide: true },
  { name: ' ', align: 'end' },
];

export function FolderTable({ folders }: { folders: readonly FolderView[] }) {
  return (
    <Table label="Folders, newest name first" columns={columns}>
      {folders.map((folder) => (
        <FolderRow key={folder.folder} folder={folder} />
      ))}
    </Table>
  );
}

function FolderRow({ folder }: { folder: FolderView }) {
  const { runnerId, jobId } = route.useParams();
  const [asked, setAsked] = useState(false);
  const mayOperate = useMay('operator');
  const name = folderName(folder.folder);
  const verb = folder.state === 'open' ? 'Seal' : 'Unseal';
  const Dialog = folder.state === 'open' ? SealDialog : UnsealDialog;
  return (
    <tr data-row="">
      <td>
        <code className="folder-name">{name}</code>
        <span className="under narrow">{countText(folder)} files</span>
      </td>
      <td>
        <StatusMark mark={folderMarks[folder.state]} />
        <FolderNote folder={folder} />
      </td>
      <td className="end wide">{countText(folder)}</td>
      <td className="wide">
        <Ago at={folder.changedAt} otherwise="–" />
      </td>
      <td className="wide">
        <Ago at={folder.provedAt} otherwise="not yet" />
      </td>
      <td className="end">
        {mayOperate && (folder.state === 'sealed' || folder.maySeal) ? (
          <Button size="small" aria-label={`${verb} ${name}`} onClick={() => setAsked(true)}>
            {verb}…
          </Button>
        ) : null}
        {asked ? (
          <Dialog folder={folder} params={{ runnerId, jobId }} onClose={() => setAsked(false)} />
        ) : null}
      </td>
    </tr>
  );
}

/** A folder is counted when a run has found it complete; before, nobody knows. */
function countText({ fileCount, provedAt }: FolderView): string {
  return fileCount === 0 && provedAt === null ? '–' : sayCount(fileCount);
}

/** Since when it is sealed and by whom, or what it waits for. */
function FolderNote({ folder }: { folder: FolderView }) {
  if (folder.state === 'open')
    return (
      <span className="under">
        {folder.waitsFor === null ? null : <TimedText text={`waits for ${folder.waitsFor}`} />}
      </span>
    );
  return (
    <span className="under">
      <Ago at={folder.sealedAt} otherwise="" />
      {folder.sealedBy === null ? '' : ` by ${folder.sealedBy}`}
    </span>
  );
}
