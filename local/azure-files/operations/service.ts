import { invalidQuery, FilesError } from '../errors.ts';
import { receiveText } from '../http/body.ts';
import { xmlAnswer } from '../http/respond.ts';
import type { Answer } from '../http/respond.ts';
import type { Share } from '../store/share.ts';
import type { SnapshotRecord } from '../store/shareRecord.ts';
import { toHttpDate } from '../store/stamps.ts';
import { element, escapeXml, parseXml, wrap } from '../xml.ts';
import type { OperationContext } from './context.ts';
import { leaseView } from './shareLease.ts';

const MAX_RESULTS = 5000;
const DAY_MS = 86_400_000;

/** How many results a listing may return. @throws FilesError InvalidQueryParameterValue, OutOfRangeQueryParameterValue */
export function maxResults({ request }: OperationContext): number {
  const text = request.query.get('maxresults');
  if (text === undefined) return MAX_RESULTS;
  if (!/^\d{1,9}$/.test(text)) throw invalidQuery('maxresults', text);
  const count = Number(text);
  if (count < 1 || count > MAX_RESULTS) throw new FilesError('OutOfRangeQueryParameterValue');
  return count;
}

/** The parts of a listing a client asks to see, in lower case. */
export function included({ request }: OperationContext): ReadonlySet<string> {
  return new Set(
    (request.query.get('include') ?? '')
      .toLowerCase()
      .split(',')
      .filter((part) => part !== ''),
  );
}

/** List Shares. */
export async function listShares(context: OperationContext): Promise<Answer> {
  const { request, store } = context;
  const { account } = request.address;
  const include = included(context);
  const prefix = request.query.get('prefix') ?? '';
  const marker = request.query.get('marker') ?? '';
  const shares = [...store.shares(account), ...(include.has('deleted') ? store.deletedShares(account) : [])];
  const rows = shares
    .filter((share) => share.record.name.startsWith(prefix))
    .flatMap((share) => rowsOf(context, share, include))
    .sort((left, right) => (left.key < right.key ? -1 : 1))
    .filter((row) => row.key >= marker);
  const limit = maxResults(context);
  return xmlAnswer(
    [
      `<EnumerationResults ServiceEndpoint="${escapeXml(serviceEndpoint(context))}">`,
      prefix === '' ? '' : element('Prefix', prefix),
      marker === '' ? '' : element('Marker', marker),
      request.query.has('maxresults') ? element('MaxResults', limit) : '',
      wrap('Shares', ...rows.slice(0, limit).map((row) => row.xml)),
      `${element('NextMarker', rows[limit]?.key ?? '')}</EnumerationResults>`,
    ].join(''),
  );
}

/** The address of the file service as a client sees it. */
export function serviceEndpoint({ request }: OperationContext): string {
  const scheme = request.isSecure ? 'https' : 'http';
  const host = request.incoming.headers.host ?? 'localhost';
  const inPath = request.rawPath.startsWith(`/${request.address.account}`);
  return `${scheme}://${host}/${inPath ? `${request.address.account}/` : ''}`;
}

interface Row {
  readonly key: string;
  readonly xml: string;
}

function rowsOf(context: OperationContext, share: Share, include: ReadonlySet<string>): Row[] {
  const { record } = share;
  const isDeleted = record.deletedAt !== undefined;
  const metadata = include.has('metadata') ? metadataXml(record.metadata) : '';
  const deleted = isDeleted ? element('Deleted', true) + element('Version', record.version) : '';
  const own = {
    key: `${record.name} ${isDeleted ? `1${record.version}` : '2'}`,
    xml: wrap('Share', element('Name', record.name), deleted, shareProperties(context, share), metadata),
  };
  if (isDeleted || !include.has('snapshots')) return [own];
  return [...record.snapshots.map((snapshot) => snapshotRow(share, snapshot, include)), own];
}

function snapshotRow(share: Share, snapshot: SnapshotRecord, include: ReadonlySet<string>): Row {
  const { name } = share.record;
  const properties = wrap(
    'Properties',
    element('Last-Modified', toHttpDate(snapshot.lastModified)),
    element('Etag', snapshot.etag),
    element('Quota', snapshot.quotaGiB),
  );
  const metadata = include.has('metadata') ? metadataXml(snapshot.metadata) : '';
  return {
    key: `${name} 0${snapshot.time}`,
    xml: wrap('Share', element('Name', name), element('Snapshot', snapshot.time), properties, metadata),
  };
}

function shareProperties(context: OperationContext, share: Share): string {
  const { record } = share;
  const { status, state, duration } = leaseView(record, context.stamps.now());
  const keptMs = context.store.softDeleteDays * DAY_MS;
  const deletedXml =
    record.deletedAt === undefined
      ? ''
      : element('DeletedTime', toHttpDate(record.deletedAt)) +
        element(
          'RemainingRetentionDays',
          Math.ceil((Date.parse(record.deletedAt) + keptMs - context.stamps.now()) / DAY_MS),
        );
  return wrap(
    'Properties',
    element('Last-Modified', toHttpDate(record.lastModified)),
    element('Etag', record.etag),
    element('Quota', record.quotaGiB),
    deletedXml,
    element('AccessTier', record.accessTier),
    element('AccessTierChangeTime', toHttpDate(record.accessTierChangedAt)),
    element('LeaseStatus', status),
    element('LeaseState', state),
    element('LeaseDuration', duration),
    element('EnabledProtocols', 'SMB'),
  );
}

function metadataXml(metadata: Readonly<Record<string, string>>): string {
  return wrap('Metadata', ...Object.entries(metadata).map(([key, value]) => element(key, value)));
}

/** Get File Service Properties: fixed, because there is nothing behind them to set. */
export async function getServiceProperties({ store }: OperationContext): Promise<Answer> {
  const metrics = (name: string) =>
    wrap(
      name,
      element('Version', '1.0'),
      element('Enabled', false),
      wrap('RetentionPolicy', element('Enabled', false)),
    );
  return xmlAnswer(
    wrap(
      'StorageServiceProperties',
      metrics('HourMetrics'),
      metrics('MinuteMetrics'),
      '<Cors />',
      wrap(
        'ShareDeleteRetentionPolicy',
        element('Enabled', store.softDeleteDays > 0),
        store.softDeleteDays > 0 ? element('Days', store.softDeleteDays) : '',
      ),
    ),
  );
}

/** Set File Service Properties: taken when well-formed, without effect. */
export async function setServiceProperties({ request }: OperationContext): Promise<Answer> {
  if (parseXml(await receiveText(request)) === undefined) throw new FilesError('InvalidXmlDocument');
  return { status: 202 };
}
