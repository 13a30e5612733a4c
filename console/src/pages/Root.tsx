import { Page } from '../ui/parts';

export default function Root() {
  return <Page title="Root">Not yet.</Page>;
}
