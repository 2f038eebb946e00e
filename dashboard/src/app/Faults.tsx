import { Button } from '@fluentui/react-components';
import { Link } from '@tanstack/react-router';
import { PageHead } from '../parts/PageHead.tsx';

export function NotFound() {
  return (
    <>
      <PageHead
        title="No such page"
        lead="The address names nothing here. It may have been cut off when it was sent."
      />
      <Link to="/" className="link">
        Go to the overview
      </Link>
    </>
  );
}

/** A mistake in the page itself: says so, shows nothing half, and offers to load it anew. */
export function PageFault({ error }: { error: unknown }) {
  return (
    <>
      <PageHead
        title="This page broke"
        lead="The mistake is in the page, not in your data: archiving goes on. Loading it again usually helps."
      />
      <pre className="json">{error instanceof Error ? error.message : String(error)}</pre>
      <Button appearance="primary" onClick={() => location.reload()}>
        Load again
      </Button>
    </>
  );
}
