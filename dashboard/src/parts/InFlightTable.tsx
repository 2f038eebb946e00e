import type { z } from 'zod';
import type { fileInFlightView } from '../../../shared/contract/fleet.ts';
import { percentOf, saySize } from '../format/amount.ts';
import { fileMarks } from '../format/marks.ts';
import { Bar } from './Bar.tsx';
import { FilePath } from './FilePath.tsx';
import { StatusMark } from './StatusMark.tsx';
import { type Column, Table } from './Table.tsx';

type FileInFlight = z.infer<typeof fileInFlightView>;

const columns: readonly Column[] = [
  { name: 'File' },
  { name: 'State', wide: true },
  { name: 'Sent' },
  { name: 'Attempts', align: 'end', wide: true },
];

/** Files that an agent is sending, or is about to. */
export function InFlightTable({ files }: { files: readonly FileInFlight[] }) {
  return (
    <Table label="Files in flight" columns={columns}>
      {files.map((file) => (
        <tr key={file.path}>
          <td>
            <FilePath path={file.path} />
            <span className="under narrow">{fileMarks[file.state].word}</span>
            {file.error === null ? null : <span className="under bad-text">{file.error}</span>}
          </td>
          <td className="wide">
            <StatusMark mark={fileMarks[file.state]} />
          </td>
          <td className="sent">
            <Sent file={file} />
          </td>
          <td className="end wide">{file.attempts}</td>
        </tr>
      ))}
    </Table>
  );
}

function Sent({ file }: { file: FileInFlight }) {
  const text = `${saySize(file.bytesSent)} of ${saySize(file.sizeBytes)}`;
  return (
    <>
      <Bar label={`Sent of ${file.path}`} value={file.bytesSent} max={file.sizeBytes} text={text} />
      <span className="under">
        {text}, {percentOf(file.bytesSent, file.sizeBytes).toFixed(0)} %
      </span>
    </>
  );
}
