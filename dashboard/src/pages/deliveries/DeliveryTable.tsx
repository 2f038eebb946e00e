import type { DeliveryView } from '../../../../shared/contract/alerts.ts';
import { channelKindNames, transitionWords } from '../../format/alertMarks.ts';
import { Ago } from '../../parts/Ago.tsx';
import { AlertLink } from '../../parts/AlertLink.tsx';
import { Copyable } from '../../parts/Copyable.tsx';
import { DeliveryOutcome } from '../../parts/DeliveryOutcome.tsx';
import { type Column, Table } from '../../parts/Table.tsx';

const columns: readonly Column[] = [
  { name: 'What' },
  { name: 'State' },
  { name: 'Through', wide: true },
  { name: 'When', wide: true },
  { name: 'Delivery id', wide: true },
];

export function DeliveryTable({ deliveries }: { deliveries: readonly DeliveryView[] }) {
  return (
    <Table label="Deliveries, newest first" columns={columns}>
      {deliveries.map((delivery) => (
        <DeliveryRow key={delivery.deliveryId} delivery={delivery} />
      ))}
    </Table>
  );
}

function DeliveryRow({ delivery }: { delivery: DeliveryView }) {
  const word = transitionWords[delivery.transition];
  return (
    <tr data-row="">
      <td>
        <span className="block">
          {delivery.alertId === null ? word : <AlertLink alertId={delivery.alertId}>{word}</AlertLink>}
        </span>
        <span className="under narrow">
          {delivery.channelName}, <Ago at={delivery.createdAt} />
        </span>
      </td>
      <td>
        <DeliveryOutcome delivery={delivery} />
      </td>
      <td className="wide">
        {delivery.channelName}
        <span className="under">
          {channelKindNames[delivery.channelKind]}
          {delivery.recipients.length === 0 ? '' : ` · ${delivery.recipients.join(', ')}`}
        </span>
      </td>
      <td className="wide">
        <Ago at={delivery.createdAt} />
      </td>
      <td className="wide">
        <Copyable text={delivery.deliveryId} label="the delivery id" />
      </td>
    </tr>
  );
}
