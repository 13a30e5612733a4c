import { Page } from '../ui/parts';

export default function Roots() {
  return <Page title="Roots">Not yet.</Page>;
}
