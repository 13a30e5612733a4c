import { Page } from '../ui/parts';

export default function Sessions() {
  return <Page title="Sessions">Not yet.</Page>;
}
