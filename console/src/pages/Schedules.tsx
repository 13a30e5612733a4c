import { Page } from '../ui/parts';

export default function Schedules() {
  return <Page title="Schedules">Not yet.</Page>;
}
