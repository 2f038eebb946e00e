import { folderOf, nameOf } from '../../../shared/domain/relativePath.ts';

/** A path whose name stands out and whose folder may break over lines. */
export function FilePath({ path }: { path: string }) {
  const folder = folderOf(path);
  return (
    <span className="file-path" title={path}>
      {folder === '' ? null : <span className="quiet">{folder}/</span>}
      {nameOf(path)}
    </span>
  );
}
