import { describe, expect, it } from 'vitest';
import { all, pattern, refused, useTarget } from './target.ts';

const target = useTarget();

describe('share snapshots', () => {
  it('L4 keeps what files were when the snapshot was taken, whatever happens to the share', async () => {
    const share = await target.share();
    const directory = share.getDirectoryClient('2026-01-31');
    await directory.create();
    const names = ['overwritten', 'replaced', 'deleted', 'resized', 'renamed'];
    for (const name of names) await directory.getFileClient(name).uploadData(pattern(2000));
    await directory.getFileClient('overwritten').setMetadata({ state: 'before' });

    const { snapshot } = await share.createSnapshot();
    await directory.getFileClient('overwritten').uploadRange('changed', 0, 7);
    await directory.getFileClient('overwritten').setMetadata({ state: 'after' });
    await directory.getFileClient('replaced').uploadData(Buffer.from('new'));
    await directory.getFileClient('deleted').delete();
    await directory.getFileClient('resized').resize(10);
    await directory.getFileClient('renamed').rename('2026-01-31/elsewhere');
    await directory.getFileClient('later').create(0);

    const then = share.withSnapshot(snapshot ?? '').getDirectoryClient('2026-01-31');
    for (const name of names)
      expect(await then.getFileClient(name).downloadToBuffer()).toEqual(pattern(2000));
    expect((await then.getFileClient('overwritten').getProperties()).metadata).toEqual({ state: 'before' });
    const listed = await all(then.listFilesAndDirectories());
    expect(listed.map(({ name }) => name).sort()).toEqual([...names].sort());
    const now = await directory.getFileClient('overwritten').downloadToBuffer();
    expect(now.subarray(0, 7).toString()).toBe('changed');
    expect(now.subarray(7)).toEqual(pattern(2000).subarray(7));
  });

  it('L4 lists snapshots and reads their ranges and properties', async () => {
    const share = await target.share();
    await share.rootDirectoryClient.getFileClient('f').uploadData(Buffer.alloc(1024, 1));
    const { snapshot } = await share.createSnapshot({ metadata: { why: 'nightly' } });
    const listed = await all(
      target.service.listShares({ prefix: share.name, includeSnapshots: true, includeMetadata: true }),
    );
    expect(listed.map((item) => item.snapshot)).toEqual([snapshot, undefined]);
    expect(listed[0]?.metadata).toEqual({ why: 'nightly' });
    const then = share.withSnapshot(snapshot ?? '');
    expect((await then.getProperties()).metadata).toEqual({ why: 'nightly' });
    const file = then.rootDirectoryClient.getFileClient('f');
    expect((await file.getRangeList()).rangeList).toEqual([{ start: 0, end: 1023 }]);
  });

  it('L4 deletes a share with snapshots only when told so, and a snapshot alone', async () => {
    const share = await target.share();
    const first = await share.createSnapshot();
    const second = await share.createSnapshot();
    expect(first.snapshot).not.toBe(second.snapshot);
    await refused(share.delete(), 409, 'ShareHasSnapshots');
    await share.withSnapshot(first.snapshot ?? '').delete();
    await refused(
      share.withSnapshot(first.snapshot ?? '').getProperties(),
      404,
      'ShareNotFound',
      'ShareSnapshotNotFound',
    );
    await share.delete({ deleteSnapshots: 'include' });
    expect(await share.exists()).toBe(false);
  });
});
