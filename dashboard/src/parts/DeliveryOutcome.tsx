import type { DeliveryView } from '../../../shared/contract/alerts.ts';
import { deliveryMarks } from '../format/alertMarks.ts';
import { sayAmount } from '../format/amount.ts';
import { Ago, Took } from './Ago.tsx';
import { StatusMark } from './StatusMark.tsx';

/** Whether it arrived: when, after how many attempts, and what stood in the way. */
export function DeliveryOutcome({ delivery }: { delivery: DeliveryView }) {
  return (
    <>
      <StatusMark mark={deliveryMarks[delivery.status]} />
      <span className="under">
        {delivery.deliveredAt === null ? null : (
          <>
            <Ago at={delivery.deliveredAt} />, took{' '}
            <Took from={delivery.createdAt} to={delivery.deliveredAt} />
          </>
        )}
        {delivery.attempts > 1
          ? `${delivery.deliveredAt === null ? '' : ', '}${sayAmount(delivery.attempts, 'attempt')}`
          : ''}
        {delivery.nextAttemptAt === null || delivery.status === 'delivered' ? null : (
          <>
            {delivery.attempts > 1 ? ', tried again ' : 'tried again '} <Ago at={delivery.nextAttemptAt} />
          </>
        )}
      </span>
      {delivery.lastError === null || delivery.status === 'delivered' ? null : (
        <span className="under bad-text">{delivery.lastError}</span>
      )}
    </>
  );
}
