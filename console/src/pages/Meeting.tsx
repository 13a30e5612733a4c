import { Page } from '../ui/parts';

export default function Meeting() {
  return <Page title="Meeting">Not yet.</Page>;
}
