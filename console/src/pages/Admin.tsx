import { Tabs } from '@mantine/core';
import { IconAdjustments, IconBrain, IconDeviceDesktop, IconFlag, IconKey, IconLink, IconListDetails, IconUsers } from '@tabler/icons-react';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Page } from '../ui/parts';
import { Audit, Browsers, Features, Models, Settings } from './AdminOther';
import { Links } from './AdminLinks';
import { Tokens, Users } from './AdminPeople';

const tabs = [
  { id: 'links', label: 'Links', icon: IconLink, show: Links },
  { id: 'users', label: 'Users', icon: IconUsers, show: Users },
  { id: 'tokens', label: 'Tokens', icon: IconKey, show: Tokens },
  { id: 'browsers', label: 'Browsers', icon: IconDeviceDesktop, show: Browsers },
  { id: 'features', label: 'Features', icon: IconFlag, show: Features },
  { id: 'models', label: 'Models', icon: IconBrain, show: Models },
  { id: 'audit', label: 'Audit', icon: IconListDetails, show: Audit },
  { id: 'settings', label: 'Settings', icon: IconAdjustments, show: Settings },
];

export default function Admin() {
  const { tab = 'links' } = useParams({ strict: false }) as { tab?: string };
  const navigate = useNavigate();
  return (
    <Page title="Administration">
      <Tabs value={tabs.some(({ id }) => id === tab) ? tab : 'links'} onChange={(next) => (next ? void navigate({ to: '/admin/$tab', params: { tab: next } }) : undefined)} keepMounted={false}>
        <Tabs.List mb="lg">
          {tabs.map(({ id, label, icon: Icon }) => <Tabs.Tab key={id} value={id} leftSection={<Icon size={16} stroke={1.7} />}>{label}</Tabs.Tab>)}
        </Tabs.List>
        {tabs.map(({ id, show: Show }) => <Tabs.Panel key={id} value={id}><Show /></Tabs.Panel>)}
      </Tabs>
    </Page>
  );
}
