import { Page } from '../ui/parts';

export default function Admin() {
  return <Page title="Admin">Not yet.</Page>;
}
