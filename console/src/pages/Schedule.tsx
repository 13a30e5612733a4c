import { Page } from '../ui/parts';

export default function Schedule() {
  return <Page title="Schedule">Not yet.</Page>;
}
