import { FilesError } from '../errors.ts';
import { receiveText } from '../http/body.ts';
import { xmlAnswer } from '../http/respond.ts';
import type { Answer } from '../http/respond.ts';
import { MAX_ACCESS_POLICIES } from '../store/shareRecord.ts';
import type { AccessPolicy } from '../store/shareRecord.ts';
import { childText, element, parseXml, wrap } from '../xml.ts';
import type { XmlNode } from '../xml.ts';
import { shareOf } from './context.ts';
import type { OperationContext } from './context.ts';
import { checkShareLease } from './shareLease.ts';
import { stampHeaders } from './shares.ts';

const MAX_POLICY_ID_LENGTH = 64;

/** Get Share ACL: the stored access policies. */
export async function getAccessPolicies(context: OperationContext): Promise<Answer> {
  const { record } = shareOf(context);
  const identifiers = record.policies.map((policy) =>
    wrap(
      'SignedIdentifier',
      element('Id', policy.id),
      wrap(
        'AccessPolicy',
        element('Start', policy.start),
        element('Expiry', policy.expiry),
        element('Permission', policy.permission),
      ),
    ),
  );
  return xmlAnswer(
    wrap('SignedIdentifiers', ...identifiers),
    stampHeaders({ time: record.lastModified, etag: record.etag }),
  );
}

/** Set Share ACL: replaces all policies; signatures that named one that is gone are refused from now on. */
export async function setAccessPolicies(context: OperationContext): Promise<Answer> {
  const share = shareOf(context);
  const text = await receiveText(context.request);
  const policies = text === '' ? [] : readPolicies(text);
  checkShareLease(context, share.record, 'optional');
  const stamp = context.stamps.next();
  share.update({ policies, etag: stamp.etag, lastModified: stamp.time });
  return { status: 200, headers: stampHeaders(stamp) };
}

function readPolicies(text: string): AccessPolicy[] {
  const root = parseXml(text);
  if (root?.name !== 'SignedIdentifiers') throw new FilesError('InvalidXmlDocument');
  if (root.children.length > MAX_ACCESS_POLICIES) throw new FilesError('InvalidXmlDocument');
  const policies = root.children.map(readPolicy);
  if (new Set(policies.map((policy) => policy.id)).size !== policies.length) {
    throw new FilesError('InvalidXmlDocument');
  }
  return policies;
}

function readPolicy(node: XmlNode): AccessPolicy {
  const id = childText(node, 'Id') ?? '';
  if (id === '' || id.length > MAX_POLICY_ID_LENGTH) throw new FilesError('InvalidXmlNodeValue');
  const policy = node.children.find((child) => child.name === 'AccessPolicy');
  const field = (name: string) => (policy === undefined ? undefined : childText(policy, name));
  const start = time(field('Start'));
  const expiry = time(field('Expiry'));
  const permission = field('Permission');
  if (permission !== undefined && !/^[rcwdl]*$/.test(permission)) throw new FilesError('InvalidXmlNodeValue');
  return {
    id,
    ...(start === undefined ? {} : { start }),
    ...(expiry === undefined ? {} : { expiry }),
    ...(permission === undefined || permission === '' ? {} : { permission }),
  };
}

function time(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  if (Number.isNaN(Date.parse(text))) throw new FilesError('InvalidXmlNodeValue');
  return text;
}
