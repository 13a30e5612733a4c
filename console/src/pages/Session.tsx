import { Page } from '../ui/parts';

export default function Session() {
  return <Page title="Session">Not yet.</Page>;
}
