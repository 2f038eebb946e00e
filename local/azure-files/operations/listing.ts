import { invalidQuery } from '../errors.ts';
import { xmlAnswer } from '../http/respond.ts';
import type { Answer } from '../http/respond.ts';
import { isTrue } from '../http/request.ts';
import type { Entry } from '../store/entry.ts';
import { toHttpDate } from '../store/stamps.ts';
import { element, escapeXml, isXmlText, nameElement, wrap } from '../xml.ts';
import { pathOf, shareOf, snapshotOf, treeOf } from './context.ts';
import type { OperationContext } from './context.ts';
import { INHERITED_KEY } from './permissions.ts';
import { included, maxResults, serviceEndpoint } from './service.ts';

/** What of each entry a client asked to see. */
interface Columns {
  readonly timestamps: boolean;
  readonly etag: boolean;
  readonly attributes: boolean;
  readonly permissionKey: boolean;
  readonly ids: boolean;
}

/** List Directories and Files: one page, in the order of the folded names. */
export async function listDirectory(context: OperationContext): Promise<Answer> {
  const share = shareOf(context);
  const path = pathOf(context);
  const columns = columnsOf(context);
  const limit = maxResults(context);
  const { query } = context.request;
  const prefix = query.get('prefix');
  const marker = query.get('marker');
  return share.onPaths('shared', () => {
    const tree = treeOf(context);
    const page = tree.directory(path).list({ prefix, from: fromMarker(marker), max: limit });
    const directoryId = path.length === 0 ? '0' : tree.directoryEntry(path).entry.id;
    return xmlAnswer(
      [
        `<EnumerationResults ${attributesXml(context, path)}>`,
        marker === undefined ? '' : element('Marker', marker),
        prefix === undefined ? '' : nameElement('Prefix', prefix),
        query.has('maxresults') ? element('MaxResults', limit) : '',
        columns.ids ? element('DirectoryId', directoryId) : '',
        wrap('Entries', ...page.entries.map((entry) => entryXml(entry, columns))),
        `${element('NextMarker', toMarker(page.next))}</EnumerationResults>`,
      ].join(''),
    );
  });
}

function columnsOf(context: OperationContext): Columns {
  const include = included(context);
  for (const part of include) {
    if (!['timestamps', 'etag', 'attributes', 'permissionkey'].includes(part))
      throw invalidQuery('include', part);
  }
  return {
    timestamps: include.has('timestamps'),
    etag: include.has('etag'),
    attributes: include.has('attributes'),
    permissionKey: include.has('permissionkey'),
    ids: include.size > 0 || isTrue(context.request, 'x-ms-file-extended-info'),
  };
}

function attributesXml(context: OperationContext, path: readonly string[]): string {
  const time = snapshotOf(context);
  const directory = path.join('/');
  const attributes = {
    ServiceEndpoint: serviceEndpoint(context),
    ShareName: context.request.address.share ?? '',
    ...(time === undefined ? {} : { ShareSnapshot: time }),
    ...(isXmlText(directory)
      ? { DirectoryPath: directory }
      : { Encoded: 'true', DirectoryPath: encodeURIComponent(directory) }),
  };
  return Object.entries(attributes)
    .map(([name, value]) => `${name}="${escapeXml(value)}"`)
    .join(' ');
}

function entryXml(entry: Entry, columns: Columns): string {
  const times = columns.timestamps
    ? element('CreationTime', entry.created) +
      element('LastAccessTime', entry.lastWritten) +
      element('LastWriteTime', entry.lastWritten) +
      element('ChangeTime', entry.changed) +
      element('Last-Modified', toHttpDate(entry.lastModified))
    : '';
  const properties = wrap(
    'Properties',
    entry.kind === 'file' ? element('Content-Length', entry.sizeBytes) : '',
    times,
    columns.etag ? element('Etag', entry.etag) : '',
  );
  return wrap(
    entry.kind === 'file' ? 'File' : 'Directory',
    columns.ids ? element('FileId', entry.id) : '',
    nameElement('Name', entry.name),
    properties,
    columns.attributes ? element('Attributes', entry.attributes) : '',
    columns.permissionKey ? element('PermissionKey', entry.permissionKey ?? INHERITED_KEY) : '',
  );
}

/** Markers carry the folded name of the next entry, so that pages stay right while files come and go. */
function toMarker(next: string | undefined): string {
  return next === undefined ? '' : Buffer.from(next, 'utf8').toString('base64url');
}

function fromMarker(marker: string | undefined): string | undefined {
  return marker === undefined || marker === ''
    ? undefined
    : Buffer.from(marker, 'base64url').toString('utf8');
}
