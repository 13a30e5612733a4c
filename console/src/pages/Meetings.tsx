import { Page } from '../ui/parts';

export default function Meetings() {
  return <Page title="Meetings">Not yet.</Page>;
}
