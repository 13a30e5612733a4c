import { Page } from '../ui/parts';

export default function Network() {
  return <Page title="Network">Not yet.</Page>;
}
