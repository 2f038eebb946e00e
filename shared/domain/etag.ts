/** Whether two ETags name the same state of a file. Headers quote them, some listings do not; that is no difference. */
export function isSameEtag(one: string, other: string): boolean {
  return bare(one) === bare(other);
}

function bare(etag: string): string {
  return etag.length >= 2 && etag.startsWith('"') && etag.endsWith('"') ? etag.slice(1, -1) : etag;
}
