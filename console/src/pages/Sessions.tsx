import { useState } from 'react';
import { Group, SegmentedControl, Select } from '@mantine/core';
import { IconHierarchy2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { q } from '../api/queries';
import { plural } from '../ui/format';
import { Card, Empty, Page, Read } from '../ui/parts';
import { SessionTree } from '../ui/SessionTree';

export default function Sessions() {
  const [which, setWhich] = useState('all');
  const [agent, setAgent] = useState<string | null>(null);
  const agents = useQuery(q.agents).data ?? [];
  const sessions = useQuery(q.sessions({ ...(which === 'open' ? { active: true } : {}), ...(agent ? { agent } : {}) }));
  return (
    <Page title="Sessions" lead={sessions.data && `${plural(sessions.data.length, 'session')}, the newest first; what each has spawned stands below it`}>
      <Group mb="md">
        <SegmentedControl value={which} onChange={setWhich} data={[{ value: 'all', label: 'All' }, { value: 'open', label: 'Open' }]} />
        <Select placeholder="Any agent" aria-label="Agent" searchable clearable value={agent} onChange={setAgent} data={agents.map(({ name }) => name)} w={200} />
      </Group>
      <Card flush label="Sessions">
        <Read from={sessions}>
          {(all) => all.length > 0 ? <SessionTree sessions={all} /> : (
            <Empty icon={IconHierarchy2} title={which === 'open' ? 'No session is open' : 'No session yet'} command={'parley spawn AGENT "What it should do"'}>A session is a task that an agent works on by itself; its result comes back as a message.</Empty>
          )}
        </Read>
      </Card>
    </Page>
  );
}
