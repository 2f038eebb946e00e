import type { RunFile } from '../../../../shared/contract/fleet.ts';
import { saySize } from '../../format/amount.ts';
import { sayName } from '../../format/ids.ts';
import { fileMark } from '../../format/marks.ts';
import { Ago } from '../../parts/Ago.tsx';
import { FilePath } from '../../parts/FilePath.tsx';
import { StatusMark } from '../../parts/StatusMark.tsx';
import { type Column, Table } from '../../parts/Table.tsx';

const columns: readonly Column[] = [
  { name: 'File' },
  { name: 'State' },
  { name: 'Size', align: 'end' },
  { name: 'Source time', wide: true },
  { name: 'Updated', wide: true },
  { name: 'SHA-256', wide: true },
];

export function FilesTable({ files }: { files: readonly RunFile[] }) {
  return (
    <Table label="Files of this run" columns={columns}>
      {files.map((file) => (
        <FileRow key={file.path} file={file} />
      ))}
    </Table>
  );
}

function FileRow({ file }: { file: RunFile }) {
  return (
    <tr>
      <td>
        <FilePath path={file.path} />
        {file.archivedPath === null || file.archivedPath.endsWith(file.path) ? null : (
          <span className="under">kept as {file.archivedPath}</span>
        )}
        {file.error === null ? null : <span className="under bad-text">{file.error}</span>}
      </td>
      <td>
        <StatusMark mark={fileMark(file)} />
        <span className="under">
          {file.outcome === '' || file.outcome === file.state ? null : sayName(file.outcome)}
          {file.attempts > 1 ? ` ${file.attempts} attempts` : ''}
        </span>
      </td>
      <td className="end">{file.sizeBytes === null ? '–' : saySize(file.sizeBytes)}</td>
      <td className="wide">
        <Ago at={file.sourceModifiedAt} otherwise="–" />
      </td>
      <td className="wide">
        <Ago at={file.updatedAt} />
      </td>
      <td className="wide">
        {file.checksum === null ? '–' : <code title={file.checksum}>{file.checksum.slice(0, 12)}</code>}
      </td>
    </tr>
  );
}
