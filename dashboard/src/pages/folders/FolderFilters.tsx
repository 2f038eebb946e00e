import { getRouteApi } from '@tanstack/react-router';
import { changeSearch, type FoldersSearch } from '../../app/search.ts';
import { folderMarks } from '../../format/folderMarks.ts';
import { Choice } from '../../parts/Choice.tsx';
import { SearchBox } from '../../parts/SearchBox.tsx';

const route = getRouteApi('/runners/$runnerId/jobs/$jobId/folders');

export function FolderFilters({ search }: { search: FoldersSearch }) {
  const navigate = route.useNavigate();
  const params = route.useParams();
  const change = (part: FoldersSearch) =>
    void navigate({
      to: '/runners/$runnerId/jobs/$jobId/folders',
      params,
      search: changeSearch(search, part),
      replace: true,
    });
  return (
    <search className="filters">
      <SearchBox
        label="Search the folders"
        placeholder="Part of the name …"
        value={search.q ?? ''}
        onSearch={(q) => change({ q })}
      />
      <Choice label="State" value={search.state} onChoose={(state) => change({ state })}>
        <option value="sealed">{folderMarks.sealed.word}</option>
        <option value="open">{folderMarks.open.word}</option>
      </Choice>
    </search>
  );
}
