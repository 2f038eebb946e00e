import type { DeliveryView } from '../../../../shared/contract/alerts.ts';
import { channelKindNames } from '../../format/alertMarks.ts';
import { Ago } from '../../parts/Ago.tsx';
import { DeliveryOutcome } from '../../parts/DeliveryOutcome.tsx';
import { TimedText } from '../../parts/TimedText.tsx';
import { ShapeIcon } from '../../parts/StatusMark.tsx';
import { changeMark, type IncidentAnswer, incidentTimeline, type TimelineEntry } from './incidentTimeline.ts';

/** What became of the alert, and of each change: who was told, through what, and did it arrive. */
export function IncidentTimeline({ data }: { data: IncidentAnswer }) {
  const entries = incidentTimeline(data.changes, data.deliveries);
  return (
    <ol className="timeline">
      {entries.map((entry, index) => (
        <EntryItem key={`${entry.change.at} ${String(index)}`} entry={entry} />
      ))}
    </ol>
  );
}

function EntryItem({ entry: { change, deliveries } }: { entry: TimelineEntry }) {
  const { shape, word } = changeMark(change);
  return (
    <li className="step">
      <ShapeIcon shape={shape} size={20} />
      <div className="step-body">
        <p className="step-head">
          <strong>{word}</strong>
          <span className="quiet">
            <Ago at={change.at} />
          </span>
        </p>
        {change.reason === '' ? null : (
          <p>
            <TimedText text={change.reason} />
          </p>
        )}
        {deliveries.length === 0 ? (
          <p className="quiet">Nobody was told of this.</p>
        ) : (
          <ul className="told" aria-label="Told">
            {deliveries.map((delivery) => (
              <ToldItem key={delivery.deliveryId} delivery={delivery} />
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}

function ToldItem({ delivery }: { delivery: DeliveryView }) {
  return (
    <li title={`Delivery id ${delivery.deliveryId}`}>
      <span className="told-to">
        {delivery.channelName} <span className="quiet">({channelKindNames[delivery.channelKind]})</span>
        {delivery.recipients.length === 0 ? null : (
          <span className="under">{delivery.recipients.join(', ')}</span>
        )}
      </span>
      <span>
        <DeliveryOutcome delivery={delivery} />
      </span>
    </li>
  );
}
