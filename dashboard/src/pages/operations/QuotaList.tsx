import type { ResponseOf } from '../../../../shared/contract/endpoint.ts';
import type { quotas as quotasEndpoint } from '../../../../shared/contract/operations.ts';
import { percentOf, saySize } from '../../format/amount.ts';
import { Ago } from '../../parts/Ago.tsx';
import { Bar } from '../../parts/Bar.tsx';

type Quota = ResponseOf<typeof quotasEndpoint>['quotas'][number];

/** How full the database and each share are, and when each will be full at this pace. */
export function QuotaList({ quotas }: { quotas: readonly Quota[] }) {
  if (quotas.length === 0) return <p className="quiet">Not measured yet: a timer measures it every hour.</p>;
  return (
    <ul className="cards">
      {quotas.map((quota) => (
        <QuotaCard key={quota.target} quota={quota} />
      ))}
    </ul>
  );
}

function QuotaCard({ quota }: { quota: Quota }) {
  return (
    <li className="card quota">
      <h3>{quota.target}</h3>
      <QuotaLevel quota={quota} />
      <p className="quiet">
        {quota.fullAt === null ? (
          quota.quotaBytes === null ? (
            'No limit is set.'
          ) : (
            'Not growing.'
          )
        ) : (
          <>
            Full <Ago at={quota.fullAt} /> at this pace.
          </>
        )}{' '}
        Measured <Ago at={quota.measuredAt} />.
      </p>
    </li>
  );
}

function QuotaLevel({ quota }: { quota: Quota }) {
  if (quota.quotaBytes === null) return <p>{saySize(quota.usedBytes)} used</p>;
  const percent = percentOf(quota.usedBytes, quota.quotaBytes);
  const text = `${saySize(quota.usedBytes)} of ${saySize(quota.quotaBytes)}, ${percent.toFixed(percent < 10 ? 1 : 0)} %`;
  return (
    <>
      <Bar
        label={`Used of ${quota.target}`}
        value={quota.usedBytes}
        max={quota.quotaBytes}
        tone={percent >= 95 ? 'bad' : percent >= 80 ? 'warn' : 'calm'}
        text={text}
      />
      <p>{text}</p>
    </>
  );
}
