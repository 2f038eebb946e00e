import { Copyable } from '../../parts/Copyable.tsx';
import { ShapeIcon } from '../../parts/StatusMark.tsx';

/** A workflow that cannot run yet, and what makes it run. */
export function MissingSettings({ names }: { names: readonly string[] }) {
  return (
    <div className="note">
      <ShapeIcon shape="idle" />
      <div>
        <p>
          Not set up on this server. Set {names.length === 1 ? 'this' : 'these'} in its environment, and it
          runs:
        </p>
        <ul>
          {names.map((name) => (
            <li key={name}>
              <Copyable text={name} label={name} />
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
